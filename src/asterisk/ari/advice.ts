import type { SocketEnd } from './socket.js'

/** What happened to the link and what a person should do about it, in one line for log and health. */
export function adviceFor(end: SocketEnd, app: string): string {
  switch (end.why) {
    case 'refused':
      return refused(end.status)
    case 'unreachable':
      return `PBX link: Asterisk's HTTP server does not answer (${end.detail}); check that Asterisk runs and CTI_ARI_URL is right`
    case 'silent':
      return 'PBX link: Asterisk stopped answering; connecting again'
    case 'cut':
      return end.detail === 'replaced'
        ? `PBX link: another process took over the application ${app}; if it is no instance of this centre, give it its own CTI_NODE`
        : `PBX link was cut (${end.detail}); connecting again`
    case 'closed':
      return 'PBX link is closed'
  }
}

function refused(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return `PBX link: Asterisk refuses the ARI user or password (${status}); compare CTI_ARI_USER and CTI_ARI_PASSWORD with ari.conf, then reload res_ari`
    case 404:
      return 'PBX link: Asterisk has no ARI (404); enable it in ari.conf and load res_ari and res_http_websocket'
    case 503:
      return "PBX link: Asterisk's HTTP server is full (503); raise sessionlimit in http.conf"
    default:
      return `PBX link: Asterisk refuses the event socket (${status})`
  }
}
