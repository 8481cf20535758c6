// Name-based identifiers: UUID version 5 (RFC 9562 §5.5), the same for the same name everywhere.
import { sha1 } from './sha1-message.ts';

/** Bytes of a UUID in text form. */
function bytesOf(uuid: string): Uint8Array {
  const digits = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** UUID version 5 of a name in a namespace (itself a UUID). */
export function uuid5(namespace: string, name: string): string {
  const text = new TextEncoder().encode(name);
  const message = new Uint8Array(16 + text.length);
  message.set(bytesOf(namespace));
  message.set(text, 16);
  const digest = sha1(message).slice(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
