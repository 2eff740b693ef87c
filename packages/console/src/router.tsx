import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect
} from '@tanstack/react-router'
import { queryClient } from './api/query-client.ts'
import { readAuditSearch } from './audit/audit-search.ts'
import { readChannelSearch } from './channels/channel-search.ts'
import { signInQuery } from './session/sign-in-query.ts'
import { readSignInSearch } from './session/sign-in-search.ts'
import { FailedPage } from './shell/failed-page.tsx'
import { LostPage } from './shell/lost-page.tsx'
import { Shell } from './shell/shell.tsx'
import { readNewTokenSearch, readTokenListSearch, readTokenPageSearch } from './tokens/token-searches.ts'

/** Every page of the console. Each is a file of its own, loaded when somebody goes there. */
const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  beforeLoad: async ({ context }) => {
    const { session } = await context.queryClient.ensureQueryData(signInQuery)
    if (session !== null) throw redirect({ to: '/tokens' })
  },
  component: lazyRouteComponent(() => import('./session/sign-in-page.tsx'), 'SignInPage')
})

const signedInElsewhere = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  component: lazyRouteComponent(() => import('./session/signed-in-page.tsx'), 'SignedInPage')
})

/** What is below is for somebody; whoever is nobody yet comes back here after signing in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in-only',
  beforeLoad: async ({ context, location }) => {
    const { session } = await context.queryClient.ensureQueryData(signInQuery)
    if (session === null) throw redirect({ to: '/sign-in', search: { return_to: location.publicHref } })
  },
  component: Shell,
  errorComponent: FailedPage
})

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tokens' })
  }
})

const tokens = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens',
  validateSearch: readTokenListSearch,
  component: lazyRouteComponent(() => import('./tokens/token-list-page.tsx'), 'TokenListPage')
})

const newToken = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens/new',
  validateSearch: readNewTokenSearch,
  component: lazyRouteComponent(() => import('./tokens/create-token-page.tsx'), 'CreateTokenPage')
})

const token = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens/$id',
  validateSearch: readTokenPageSearch,
  component: lazyRouteComponent(() => import('./tokens/page/token-page.tsx'), 'TokenPage')
})

const groups = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups',
  component: lazyRouteComponent(() => import('./groups/group-list-page.tsx'), 'GroupListPage')
})

const group = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups/$slug',
  component: lazyRouteComponent(() => import('./groups/group-page.tsx'), 'GroupPage')
})

const groupSections = [
  createRoute({
    getParentRoute: () => group,
    path: '/',
    component: lazyRouteComponent(() => import('./groups/members-section.tsx'), 'MembersSection')
  }),
  createRoute({
    getParentRoute: () => group,
    path: '/tokens',
    component: lazyRouteComponent(() => import('./groups/group-tokens-section.tsx'), 'GroupTokensSection')
  }),
  createRoute({
    getParentRoute: () => group,
    path: '/bots',
    component: lazyRouteComponent(() => import('./groups/bots-section.tsx'), 'BotsSection')
  }),
  createRoute({
    getParentRoute: () => group,
    path: '/bots/$id',
    validateSearch: readTokenListSearch,
    component: lazyRouteComponent(() => import('./groups/bot-tokens-section.tsx'), 'BotTokensSection')
  }),
  createRoute({
    getParentRoute: () => group,
    path: '/policy',
    component: lazyRouteComponent(() => import('./groups/group-policy-section.tsx'), 'GroupPolicySection')
  }),
  createRoute({
    getParentRoute: () => group,
    path: '/general',
    component: lazyRouteComponent(() => import('./groups/group-general-section.tsx'), 'GroupGeneralSection')
  })
] as const

const channels = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels',
  validateSearch: readChannelSearch,
  component: lazyRouteComponent(() => import('./channels/channels-page.tsx'), 'ChannelsPage')
})

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage')
})

/** The API refuses these to everybody else; the console does not even lead them there. */
const administration = [
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/users',
    component: lazyRouteComponent(() => import('./admin/users-page.tsx'), 'UsersPage')
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/policy',
    component: lazyRouteComponent(() => import('./admin/policy-page.tsx'), 'PolicyPage')
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/service-clients',
    component: lazyRouteComponent(() => import('./admin/service-clients-page.tsx'), 'ServiceClientsPage')
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/webhooks',
    component: lazyRouteComponent(() => import('./admin/webhooks-page.tsx'), 'WebhooksPage')
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/webhooks/$id',
    component: lazyRouteComponent(() => import('./admin/webhook-page.tsx'), 'WebhookPage')
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/admin/gateways',
    component: lazyRouteComponent(() => import('./admin/gateways-page.tsx'), 'GatewaysPage')
  })
] as const

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage')
})

const routeTree = root.addChildren([
  signIn,
  signedInElsewhere,
  signedIn.addChildren([
    home,
    tokens,
    newToken,
    token,
    groups,
    group.addChildren(groupSections),
    channels,
    audit,
    ...administration,
    account
  ])
])

export const router = createRouter({
  routeTree,
  basepath: '/console',
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: FailedPage,
  defaultNotFoundComponent: LostPage,
  scrollRestoration: true
})

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router
  }
}
