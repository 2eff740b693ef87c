/** Any catalogue that says the same things: the keys of another, with other words. */
export type SameKeys<C> = { readonly [Key in keyof C]: C[Key] extends string ? string : SameKeys<C[Key]> }
