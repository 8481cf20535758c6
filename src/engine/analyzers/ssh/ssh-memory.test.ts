import { expect, it } from 'vitest';
import { type Bytes, bytesOfLatin1 } from '../../../base/bytes.ts';
import { nodePlatform } from '../../../platform/node-platform.ts';
import { SshMemory } from './ssh-memory.ts';

/** A KEXINIT behind its number: cookie, then the eight lists, each of one name. */
function kexInit(cookie: string, name: string): Bytes {
  const list = `\0\0\0${String.fromCharCode(name.length)}${name}`;
  return bytesOfLatin1(cookie.repeat(16) + list.repeat(8));
}

const offerOf = (memory: SshMemory, bytes: Bytes) => memory.offer(bytes, 0, bytes.u8.length);

it('knows an offer again, whatever its cookie', () => {
  const memory = new SshMemory();
  const first = offerOf(memory, kexInit('a', 'one'));
  expect(first).toBeDefined();
  expect(offerOf(memory, kexInit('b', 'one'))).toBe(first);
  expect(offerOf(memory, kexInit('a', 'two'))).not.toBe(first);
  expect(first?.hassh(true, nodePlatform)).toBe(first?.hassh(false, nodePlatform));
});

it('works out anew what another server leads to', () => {
  const memory = new SshMemory();
  const client = offerOf(memory, kexInit('a', 'one'));
  const servers = ['one', 'two', 'one'].map((name) => offerOf(memory, kexInit('s', name)));
  const chosen = servers.map((server) => (server === undefined ? undefined : client?.negotiate(server).kex));
  expect(chosen).toEqual(['one', 'Algorithm negotiation failed', 'one']);
});

it('keeps nothing of an offer that is cut, or too long', () => {
  const memory = new SshMemory();
  const whole = kexInit('a', 'one');
  for (let end = 0; end < whole.u8.length; end++) expect(memory.offer(whole, 0, end)).toBeUndefined();
  const long = bytesOfLatin1(`${kexInit('a', 'one').latin1(0, whole.u8.length)}${'x'.repeat(5000)}`);
  expect(offerOf(memory, long)).not.toBe(offerOf(memory, long));
});
