// What a file that is no capture seems to be, for the one line that a person reads.

const cutPcap = 'a pcap file that ends inside its file header';

const signatures: readonly (readonly [hex: string, name: string])[] = [
  ['ffd8ff', 'a JPEG image'],
  ['89504e470d0a1a0a', 'a PNG image'],
  ['474946', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a ZIP archive; unpack it first'],
  ['7f454c46', 'an ELF program'],
  ['fd377a585a00', 'xz compression; unpack it first'],
  ['425a68', 'bzip2 compression; unpack it first'],
  ['377abcaf271c', 'a 7z archive; unpack it first'],
  ['736e6f6f70000000', 'a Solaris snoop capture; convert it with editcap -F pcapng'],
  ['474d4255', 'a Microsoft Network Monitor capture; convert it with editcap -F pcapng'],
  ['52545353', 'a Microsoft Network Monitor capture; convert it with editcap -F pcapng'],
  ['5452534e4946462064617461', 'a Sniffer capture; convert it with editcap -F pcapng'],
  ['d4c3b2a1', cutPcap],
  ['a1b2c3d4', cutPcap],
  ['4d3cb2a1', cutPcap],
  ['a1b23c4d', cutPcap],
  ['0a0d0d0a', 'a pcapng file whose section header is damaged'],
  ['53514c69746520666f726d6174', 'an SQLite database'],
];

const isText = (byte: number): boolean => byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte !== 0x7f);

/** A few words about content, from its first bytes. */
export function describeBytes(head: Uint8Array): string {
  if (head.length === 0) return 'nothing';
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const [signature, name] of signatures) if (hex.startsWith(signature)) return name;
  if (head.every(isText)) return 'text';
  return `unknown content starting ${hex.slice(0, 8)}`;
}
