import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTypeOf, kindsOfEvent, maxMessageBytes } from './notification-kinds.ts';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('kindsOfEvent', () => {
  it.each([
    ['port.create.end', ['ports']],
    ['port.delete.end', ['ports', 'floatingAddresses']],
    ['trunk.add_subports.end', ['ports']],
    ['floatingip.update.end', ['floatingAddresses', 'portForwardings']],
    ['port_forwarding.create.end', ['portForwardings']],
    ['router.interface.create', ['routers', 'ports']],
    ['network.update.end', ['networks']],
    ['subnet.create.end', ['subnets', 'networks']],
    ['security_group.create.end', ['securityGroups']],
    ['security_group_rule.delete.end', ['securityGroups']],
    ['compute.instance.delete.end', ['ports', 'machines']],
    ['compute.instance.create.error', ['ports', 'machines']],
    ['instance.update', ['ports', 'machines']],
    ['image.activate', ['images']],
    ['identity.project.created', ['projects']],
    ['identity.user.updated', ['users']],
    ['keypair.import.end', ['keypairs']],
    ['octavia.loadbalancer.create.end', ['loadBalancers']],
  ])('%s is about %j', (type, kinds) => {
    expect(kindsOfEvent(type)).toEqual(kinds);
  });

  it.each([
    ...['port.create.start', 'compute.instance.exists', 'instance.exists', 'image.send', 'identity.authenticate', 'volume.create.end'],
    ...['', 'report.port.create', 'portal.open', 'constructor', '__proto__'],
  ])('%j is about nothing here', (type) => {
    expect(kindsOfEvent(type)).toEqual([]);
  });
});

describe('eventTypeOf', () => {
  const inner = { event_type: 'port.update.end', publisher_id: 'network.ctl', payload: { port: {} } };

  it('reads messages in the envelope of oslo.messaging, and without one', () => {
    expect(eventTypeOf(bytes({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) }))).toBe('port.update.end');
    expect(eventTypeOf(bytes(inner))).toBe('port.update.end');
  });

  it.each([
    ...['', 'null', '[]', '7', '{"oslo.message": "{"}', '{"oslo.message": "null"}', '{"oslo.message": {}}', '{"event_type": 7}'],
    ...[`{"event_type": "${'x'.repeat(256)}"}`, '['.repeat(100_000)],
  ])('takes nothing from what is no notification (%#)', (text) => {
    expect(eventTypeOf(bytes(text))).toBeUndefined();
  });

  it('passes over what is larger than a notification', () => {
    expect(eventTypeOf(bytes({ ...inner, padding: 'x'.repeat(maxMessageBytes) }))).toBeUndefined();
    expect(eventTypeOf(bytes({ ...inner, padding: 'x'.repeat(maxMessageBytes / 2) }))).toBe('port.update.end');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (content) => {
        const type = eventTypeOf(content);
        if (type !== undefined) kindsOfEvent(type);
      }),
    );
  });
});
