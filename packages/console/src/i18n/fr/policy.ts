import type { SameKeys } from '../catalogue.ts'
import type { policy as english } from '../en/policy.ts'

export const policy: SameKeys<typeof english> = {
  instanceTitle: 'Règles',
  instanceLead:
    'Ce que cette instance exige de chaque jeton. Les groupes peuvent exiger davantage ; la règle la plus stricte l’emporte.',
  groupLead: 'Ce que ce groupe exige des jetons qui le nomment, au-delà de l’instance. Vide : rien de plus.',
  saved: 'Les règles sont en vigueur',
  noLimit: 'Sans limite',
  asInstance: 'Comme l’instance',
  maxLifetime: 'Durée de vie maximale',
  maxLifetimeHint:
    'Par exemple 90d ou 1y. Les jetons existants plus anciens cessent aussi de fonctionner. Vide : sans limite.',
  defaultLifetime: 'Durée de vie habituelle',
  defaultLifetimeHint: 'Quand personne n’en décide autrement, par exemple 30d.',
  requireExpiry: 'Les jetons doivent expirer',
  requireExpiryHint: '« Jamais » ne peut alors pas être choisi.',
  maxTokens: 'Jetons actifs par propriétaire',
  maxTokensHint: 'Au plus. 1 donne un seul jeton à chacun. Vide : sans limite.',
  types: 'Types d’entités que les portées peuvent nommer',
  typesHint: 'Vide : tous.',
  deleteInactive: 'Seuls les jetons révoqués ou expirés peuvent être supprimés',
  retention: 'Jours avant la purge des jetons inactifs',
  notices: 'Avis avant expiration',
  noticesHint: 'Par exemple 7d et 1d. Entrée après chacun.',
  onReuse: 'Quand un secret retiré est réutilisé',
  onReuses: { alert: 'Prévenir le propriétaire', revoke: 'Prévenir le propriétaire et révoquer le jeton' },
  durationWrong: 'Un nombre suivi de s, m, h, d, w ou y, par exemple 90d'
}
