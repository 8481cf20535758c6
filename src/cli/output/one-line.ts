// Text from anywhere on one line of a terminal.

/** Control characters, line ends and marks of writing direction become spaces. */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');

/** Prints lines, or the value as JSON where a machine asked. */
export function print(json: boolean, value: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : lines.map((line) => `${oneLine(line)}\n`).join(''));
}
