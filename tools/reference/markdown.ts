// Pieces of the generated pages.

/** Text for a table cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A list, one item a line. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** The line that tells an editor of the page where to write instead. */
export function generated(source: string): string {
  return `<!-- Made by \`npm run docs\` from ${source}; edit that, not this. -->`;
}
