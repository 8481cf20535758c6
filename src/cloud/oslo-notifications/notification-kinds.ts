// Messages of oslo.messaging → the kinds of the inventory that they are about. Pure; messages are hostile input.
import type { InventoryKind } from '../../model/inventory.ts';

/** Larger messages are passed over: a notification has some kilobytes. */
export const maxMessageBytes = 1 << 20;

/** No event type is as long. */
const maxTypeCharacters = 255;

/** Events that change nothing: what only begins, periodic audits, downloads of images. */
const idle = /\.(?:start|exists)$|^image\.(?:send|prepare)$/;

/**
 * Beginnings of event types, the first that fits counts. Neutron makes and removes ports of routers, and frees floating addresses of
 * deleted ports, without an event for them.
 */
const table: readonly (readonly [begins: RegExp, kinds: readonly InventoryKind[]])[] = [
  [/^(?:compute\.)?instance\./, ['ports', 'machines']],
  [/^port\.delete/, ['ports', 'floatingAddresses']],
  [/^(?:port|trunk|subport)\./, ['ports']],
  [/^floatingip\./, ['floatingAddresses', 'portForwardings']],
  [/^(?:floatingip_)?port_forwarding\./, ['portForwardings']],
  [/^router\./, ['routers', 'ports']],
  [/^network\./, ['networks']],
  [/^subnet\./, ['subnets', 'networks']],
  [/^security_group(?:_rule)?\./, ['securityGroups']],
  [/^image\./, ['images']],
  [/^identity\.(?:project|domain)\./, ['projects']],
  [/^identity\.user\./, ['users']],
  [/^keypair\./, ['keypairs']],
  [/^service\./, ['hosts']],
  [/^(?:octavia\.)?(?:loadbalancer|listener|pool|member)\./, ['loadBalancers']],
];

/** The kinds that an event is about; none for what does not concern the inventory. */
export function kindsOfEvent(eventType: string): readonly InventoryKind[] {
  if (idle.test(eventType)) return [];
  return table.find(([begins]) => begins.test(eventType))?.[1] ?? [];
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** `event_type` of a message in the envelope of oslo.messaging 2.0, or without one; undefined for anything else. */
export function eventTypeOf(content: Uint8Array): string | undefined {
  if (content.length > maxMessageBytes) return undefined;
  try {
    const outer = fieldsOf(JSON.parse(new TextDecoder().decode(content)));
    const inner = outer['oslo.message'];
    const type = (typeof inner === 'string' ? fieldsOf(JSON.parse(inner)) : outer)['event_type'];
    return typeof type === 'string' && type.length <= maxTypeCharacters ? type : undefined;
  } catch {
    return undefined;
  }
}
