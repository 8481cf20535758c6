// What the pictures share: escaping, and text that fits.
import { visible } from '../../base/visible.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for element content and quoted attributes, of HTML and of SVG alike. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** At most `limit` characters, escaped. Strings from the wire come in here and nowhere else. */
export function label(text: string, limit: number): string {
  const shown = visible(text, 500);
  return escapeMarkup(shown.length > limit ? `${shown.slice(0, limit - 1)}…` : shown);
}

/** A picture with its name and description for those who do not see it. */
export const picture = (id: string, width: number, height: number, title: string, description: string, body: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escapeMarkup(visible(title))}</title><desc id="${id}-desc">${escapeMarkup(visible(description))}</desc>${body}</svg>`;

export const round = (value: number): string => String(Math.round(value * 10) / 10);
