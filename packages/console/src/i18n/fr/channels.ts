import type { SameKeys } from '../catalogue.ts'
import type { channels as english } from '../en/channels.ts'

export const channels: SameKeys<typeof english> = {
  title: 'Canaux',
  lead: 'Regardez les messages d’un canal à mesure qu’ils arrivent, et publiez-y vous-même, avec votre propre rôle dans le groupe.',
  group: 'Groupe',
  channel: 'Canal',
  channelHint: 'Lettres, chiffres, _ et -',
  subtopic: 'Sous-sujet',
  subtopicHint: 'Par exemple salle/1, ou salle/# pour tout ce qui suit. Vide : le canal lui-même et rien en dessous.',
  watch: 'Regarder',
  stop: 'Arrêter',
  replay: 'Commencer par ce qui est conservé',
  states: {
    connecting: 'Connexion…',
    open: 'En écoute. Les messages apparaissent à mesure qu’ils arrivent.',
    closed: 'Pas d’écoute',
    refused: 'La connexion a été refusée. Le nom du canal est-il juste, et votre rôle permet-il de s’abonner ?',
    ended: 'La connexion a pris fin : {{reason}}'
  },
  clear: 'Effacer',
  waiting_one: 'En pause ; {{count}} message attend',
  waiting_other: 'En pause ; {{count}} messages attendent',
  messages: 'Messages',
  emptyTitle: 'Rien pour l’instant',
  emptyText:
    'Choisissez un groupe et un canal, puis regardez. Les messages de tous les protocoles apparaissent ici : HTTP, WebSocket, MQTT et NATS.',
  emptyWatching: 'En attente du premier message…',
  time: 'Heure',
  from: 'De',
  unknownPublisher: 'inconnu',
  you: 'vous',
  payload: 'Message',
  binary_one: '{{count}} octet qui n’est pas du texte',
  binary_other: '{{count}} octets qui ne sont pas du texte',
  publish: 'Publier',
  publishTitle: 'Publier un message',
  contentType: 'Type de contenu',
  message: 'Message',
  published: 'Enregistré sous le numéro {{seq}}',
  publishSubtopic: 'Sous-sujet, sans joker'
}
