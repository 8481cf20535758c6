// Where a connection's packets come from: hardware addresses of its sides, and the tunnels around it.
import type { Packet } from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { MacBook } from './mac-book.ts';

/** Zeek's Tunnel::max_changes_per_connection. */
export const mostTunnelChanges = 5;

export class PacketOrigin {
  readonly #macs = new MacBook();

  /** Takes down what the packet adds. @returns whether the tunnels have now changed too often, so that they are followed no more */
  note(connection: Connection, packet: Packet, fromClient: boolean): boolean {
    if (packet.sourceMacHigh >= 0) this.#noteMac(connection, packet, fromClient);
    return packet.tunnelDepth > 0 && this.#noteParent(connection, packet);
  }

  #noteMac(connection: Connection, packet: Packet, fromClient: boolean): void {
    if (fromClient) {
      if (connection.clientMac === '') connection.clientMac = this.#macs.text(packet.sourceMacHigh, packet.sourceMacLow);
    } else if (connection.serverMac === '') connection.serverMac = this.#macs.text(packet.sourceMacHigh, packet.sourceMacLow);
  }

  #noteParent(connection: Connection, packet: Packet): boolean {
    const parent = packet.parents[packet.tunnelDepth - 1];
    if (parent === undefined) return false;
    const facts = connection.facts();
    if (parent === facts.tunnelParent || facts.tunnelChanges > mostTunnelChanges) return false;
    if (facts.tunnelParent !== '') facts.tunnelChanges++;
    facts.tunnelParent = parent;
    if (facts.tunnelChanges > mostTunnelChanges) return true;
    if (!facts.tunnelParents.includes(parent)) facts.tunnelParents.push(parent);
    return false;
  }
}
