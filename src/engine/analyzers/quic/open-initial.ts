// Takes the protection off an Initial packet. RFC 9001 §5.3, §5.4.
import type { Bytes } from '../../../base/bytes.ts';
import type { Platform } from '../../platform.ts';
import type { PacketKeys } from './initial-keys.ts';

/** The sample begins where the payload would with the longest packet number. */
const sampleOffset = 4;
const sampleBytes = 16;
const tagBytes = 16;
/** Longer packets do not exist on links that carry 9000 bytes at most. */
const maxPayload = 10_000;

/**
 * The frames of the packet that begins at `start`, whose packet number begins at `payloadStart`; undefined when the keys do not
 * fit. Copies; called for the few packets of a handshake.
 */
export function openInitial(
  platform: Platform,
  keys: PacketKeys,
  bytes: Bytes,
  start: number,
  payloadStart: number,
  packetEnd: number,
): Uint8Array | undefined {
  if (packetEnd - payloadStart > maxPayload) return undefined;
  const { u8 } = bytes;
  const sample = u8.slice(payloadStart + sampleOffset, payloadStart + sampleOffset + sampleBytes);
  if (sample.length < sampleBytes) return undefined;
  const mask = platform.aes128Block(keys.headerProtection, sample);
  const first = (u8[start] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  const numberBytes = (first & 3) + 1;
  if (packetEnd - payloadStart < numberBytes + tagBytes) return undefined;
  const header = u8.slice(start, payloadStart + numberBytes);
  header[0] = first;
  const nonce = Uint8Array.from(keys.iv);
  for (let i = 0; i < numberBytes; i++) {
    const at = header.length - numberBytes + i;
    const byte = (header[at] ?? 0) ^ (mask[1 + i] ?? 0);
    header[at] = byte;
    const nonceAt = nonce.length - numberBytes + i;
    nonce[nonceAt] = (nonce[nonceAt] ?? 0) ^ byte;
  }
  return platform.aes128GcmOpen(keys.key, nonce, header, u8.subarray(payloadStart + numberBytes, packetEnd));
}
