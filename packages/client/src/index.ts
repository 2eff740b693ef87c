export { ApiError } from './api-error.ts'
export { type Client, createClient } from './client.ts'
export type { CallOptions, ClientOptions } from './http.ts'
export type { Paging } from './pages.ts'
