import type { SameKeys } from '../catalogue.ts'
import type { session as english } from '../en/session.ts'

export const session: SameKeys<typeof english> = {
  signIn: 'Se connecter',
  signInTo: 'Se connecter à patgate',
  email: 'E-mail',
  password: 'Mot de passe',
  withSingleSignOn: 'Se connecter par authentification unique',
  singleSignOnFailed: 'L’authentification unique n’a pas abouti',
  singleSignOnWas: {
    refused:
      'Soit l’accès vous a été refusé là-bas, soit personne ici n’a cette identité. Un administrateur peut vous ajouter.',
    interrupted: 'Elle a commencé ailleurs, ou a duré trop longtemps. Recommencez.',
    unavailable: 'Le fournisseur d’identité ne répond pas. Réessayez plus tard, ou connectez-vous par mot de passe.'
  },
  or: 'ou',
  wrong: 'L’e-mail et le mot de passe ne correspondent pas.',
  tooMany_one: 'Trop de tentatives. Réessayez dans {{count}} seconde.',
  tooMany_other: 'Trop de tentatives. Réessayez dans {{count}} secondes.',
  ended: 'Votre session est terminée',
  endedText: 'Reconnectez-vous pour continuer. Votre saisie est conservée.',
  otherPerson: 'Vous étiez connecté en tant que {{email}}. Se connecter sous un autre nom recharge la page.',
  signedInAgain: 'Connecté. Vous pouvez fermer cette fenêtre.',
  waitingForOther: 'En attente de votre connexion dans l’autre fenêtre…',
  copyTitle: 'Copier le jeton de session',
  copyText:
    'Une session séparée, à utiliser hors du navigateur, dans <code>Authorization: Bearer</code> ou <code>xc-auth</code>. Elle est valable 10 heures sauf réglage contraire de l’exploitant, ou jusqu’à ce que vous y mettiez fin sous Compte.',
  copyConfirm: 'Créer le jeton de session',
  copyShown: 'Il ne sera plus jamais affiché. Il agit en votre nom, avec tous vos droits.',
  copyUntil: 'Valable jusqu’au {{time}}',
  confirmPassword: 'Votre mot de passe, car votre connexion date',
  account: 'Compte et sessions',
  profile: 'Profil',
  yourId: 'Votre identifiant',
  yourIdText: 'La personne qui veut vous ajouter à un groupe vous le demandera.',
  administrator: 'Administrateur',
  changePassword: 'Changer le mot de passe',
  currentPassword: 'Mot de passe actuel',
  newPassword: 'Nouveau mot de passe',
  newPasswordHint: 'Au moins 8 caractères.',
  passwordChanged: 'Le mot de passe est changé. Vos autres sessions sont terminées.',
  sessions: 'Sessions',
  sessionsText: 'Là où vous êtes connecté. Mettre fin à une session prend effet partout immédiatement.',
  thisSession: 'Ce navigateur',
  kinds: { password: 'Mot de passe', oidc: 'Authentification unique', derived: 'Jeton de session copié' },
  since: 'Depuis',
  until: 'Jusqu’à',
  from: 'Adresse',
  endSession: 'Mettre fin',
  endAll: 'Se déconnecter partout',
  endAllTitle: 'Se déconnecter partout ?',
  endAllText:
    'Toutes vos sessions prennent fin, y compris celle-ci et les jetons de session copiés. Les jetons d’accès personnels continuent de fonctionner.',
  sessionEnded: 'La session est terminée'
}
