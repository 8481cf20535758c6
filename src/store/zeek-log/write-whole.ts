// Writing all of some bytes: the system may take fewer than it was given.
import { writeSync } from 'node:fs';

/** Writes `bytes` from `position` of a file on. */
export function writeWhole(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
