import type { SameKeys } from '../catalogue.ts'
import type { scopes as english } from '../en/scopes.ts'

export const scopes: SameKeys<typeof english> = {
  title: 'Portées',
  lead: 'Ce que le jeton peut faire, tant que son propriétaire le peut.',
  none: 'Aucune portée : le jeton est valide et ne peut rien faire.',
  add: 'Ajouter une portée',
  addTitle: 'Ajouter des portées',
  added: 'Les portées sont en vigueur',
  remove: 'Retirer la portée sur {{entity}} dans {{group}}',
  removed: 'La portée est retirée',
  removeAll: 'Tout supprimer',
  removeAllTitle: 'Supprimer toutes les portées ?',
  removeAllText: 'Le jeton reste valide et ne peut plus rien faire. L’effet est immédiat.',
  removedAll: 'Toutes les portées sont retirées',
  group: 'Groupe',
  entityType: 'Type d’entité',
  entity: 'Entité',
  operations: 'Opérations',
  everyEntity: 'Toutes',
  oneEntity: 'Une seule',
  entityId: 'Identifiant de l’entité',
  channelName: 'Nom du canal',
  everyGroup: 'Tous les groupes',
  fullAccess: 'Accès complet',
  readOnly: 'Lecture seule',
  clear: 'Aucune',
  another: 'Une autre portée',
  removeRow: 'Retirer la portée {{number}}',
  row: 'Portée {{number}}',
  inWords: 'En clair',
  sentence: {
    all: 'Peut <b>{{operations}}</b> toute entité {{type}} dans {{group}}.',
    one: 'Peut <b>{{operations}}</b> l’entité {{type}} <code>{{id}}</code> dans {{group}}.',
    everyGroup: 'tous les groupes où son propriétaire a un rôle'
  },
  verbs: {
    create: 'créer',
    read: 'lire',
    list: 'lister',
    update: 'modifier',
    delete: 'supprimer',
    share: 'partager',
    unshare: 'ne plus partager',
    publish: 'publier sur',
    subscribe: 's’abonner à'
  },
  nothing: 'Rien : sans portée, le jeton est valide et ne peut rien faire.',
  needsOperation: 'Choisissez au moins une opération.',
  needsId: 'Indiquez quelle entité.',
  noGroups:
    'Vous n’êtes encore dans aucun groupe : une portée ne peut nommer que tous les groupes. Créez un groupe, ou demandez à être ajouté.'
}
