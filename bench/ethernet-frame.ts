// One capture holds one link type: other link layers are turned into Ethernet, so that every program reads every packet.

const linkEthernet = 1;
const linkLoopback = new Set([0, 108]);
const linkRaw = new Set([12, 14, 101, 228, 229]);
const linkSll = 113;

const ipType = (firstByte: number): number | undefined => (firstByte >> 4 === 4 ? 0x0800 : firstByte >> 4 === 6 ? 0x86dd : undefined);

function framed(payload: Uint8Array, type: number): Uint8Array {
  const frame = new Uint8Array(14 + payload.length);
  frame.set([0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, type >> 8, type & 0xff]);
  frame.set(payload, 14);
  return frame;
}

/** The packet as an Ethernet frame of its own, or undefined for a link type that cannot be one. */
export function ethernetFrame(packet: Uint8Array, linkType: number): Uint8Array | undefined {
  if (linkType === linkEthernet) return packet.slice();
  if (linkType === linkSll) {
    return packet.length < 16 ? undefined : framed(packet.subarray(16), ((packet[14] ?? 0) << 8) | (packet[15] ?? 0));
  }
  const skip = linkLoopback.has(linkType) ? 4 : linkRaw.has(linkType) ? 0 : undefined;
  if (skip === undefined) return undefined;
  const type = ipType(packet[skip] ?? 0);
  return type === undefined ? undefined : framed(packet.subarray(skip), type);
}
