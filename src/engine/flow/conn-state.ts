// The conn_state column: what became of a connection, in Zeek's words.
import { type Connection, Transport } from './connection.ts';
import { EndState } from './endpoint.ts';

/** A client's SYN and nothing that would have opened the connection before its RST. */
const abortedAttempt = /^\^?S[^HAFGIQ]*R/;

const isSilent = (state: EndState): boolean => state === EndState.inactive || state === EndState.partial;

function resetByServer(connection: Connection, client: EndState, server: EndState): string {
  if (client === EndState.synSent || client === EndState.synAckSent) return 'REJ';
  const nothingSent = connection.clientEnd?.size(server) === 0 && connection.serverEnd?.size(client) === 0;
  if (client === EndState.reset && nothingSent) return 'REJ';
  return isSilent(client) ? 'RSTRH' : 'RSTR';
}

function resetByClient(connection: Connection, server: EndState): string {
  if (!isSilent(server)) return 'RSTO';
  return abortedAttempt.test(connection.history.text) ? 'RSTOS0' : 'OTH';
}

/** Nobody sent RST. */
function withoutReset(client: EndState, server: EndState): string {
  if (client === EndState.closed && server === EndState.closed) return 'SF';
  if (client === EndState.closed) return isSilent(server) ? 'SH' : 'S2';
  if (server === EndState.closed) return isSilent(client) ? 'SHR' : 'S3';
  if (client === EndState.synSent && server === EndState.inactive) return 'S0';
  return client === EndState.established && server === EndState.established ? 'S1' : 'OTH';
}

function tcpState(connection: Connection): string {
  const client = connection.clientEnd?.state ?? EndState.inactive;
  const server = connection.serverEnd?.state ?? EndState.inactive;
  if (server === EndState.reset) return resetByServer(connection, client, server);
  return client === EndState.reset ? resetByClient(connection, server) : withoutReset(client, server);
}

function udpState(connection: Connection): string {
  const answered = connection.serverSent;
  if (connection.clientSent) return answered ? 'SF' : 'S0';
  return answered ? 'SHR' : 'OTH';
}

/** State of a connection as it is now. */
export function connState(connection: Connection): string {
  if (connection.transport === Transport.tcp) return tcpState(connection);
  return connection.transport === Transport.udp ? udpState(connection) : 'OTH';
}
