// Which major version of the protocol two identification lines agree on. RFC 4253 §4.2 and §5.1.

/** What one end speaks: 1, 2, or both (1.99); undefined when the line does not say. */
export type Spoken = 1 | 1.99 | 2 | undefined;

/** Reads the version out of a line that begins with `SSH-`. */
export function spokenVersion(line: string): Spoken {
  if (line[4] === '2') return 2;
  if (line[4] !== '1') return undefined;
  return line[6] === '9' && line[7] === '9' ? 1.99 : 1;
}

/** The version both will use; undefined when they have none in common. */
export function agreedVersion(client: Spoken, server: Spoken): 1 | 2 | undefined {
  if (client === undefined || server === undefined) return undefined;
  if (client !== 1 && server !== 1) return 2;
  return client !== 2 && server !== 2 ? 1 : undefined;
}
