import type { SameKeys } from '../catalogue.ts'
import type { shell as english } from '../en/shell.ts'

export const shell: SameKeys<typeof english> = {
  title: '{{page}} · patgate',
  skip: 'Aller au contenu',
  navigation: 'Navigation principale',
  openMenu: 'Ouvrir le menu',
  userMenu: 'Votre compte',
  administration: 'Administration',
  tokens: 'Jetons',
  groups: 'Groupes',
  channels: 'Canaux',
  audit: 'Journal d’audit',
  users: 'Utilisateurs',
  policy: 'Règles',
  serviceClients: 'Clients de service',
  webhooks: 'Webhooks',
  gateways: 'Passerelles',
  account: 'Compte et sessions',
  copyAuthToken: 'Copier le jeton de session',
  signOut: 'Se déconnecter',
  language: 'Langue',
  english: 'English',
  french: 'Français',
  appearance: 'Apparence',
  light: 'Clair',
  dark: 'Sombre',
  system: 'Comme le système',
  notFound: 'Il n’y a rien ici',
  notFoundText:
    'L’adresse est peut-être erronée, ou ce qui s’y trouvait a disparu, ou vous n’avez pas le droit de le voir.',
  toTokens: 'Vers vos jetons',
  failed: 'Cela n’a pas fonctionné',
  offline: 'Le serveur est injoignable. Vérifiez la connexion, puis réessayez.',
  requestId: 'Requête {{id}}',
  newVersion: 'La console a été mise à jour. Rechargez la page pour continuer.',
  reload: 'Recharger'
}
