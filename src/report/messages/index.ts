// The catalogues by language.
import type { Language } from '../values.ts';
import { en, type Messages } from './en.ts';
import { nb } from './nb.ts';

const catalogues: Readonly<Record<Language, Messages>> = { en, nb };

/** Title of a finding in the language of the catalogue; a title may be any text, so only what is in the catalogue counts. */
export const translated = ({ titles }: Messages, title: string): string =>
  Object.hasOwn(titles, title) ? (titles[title] ?? title) : title;

/** The texts of a language. */
export const messagesIn = (language: Language): Messages => catalogues[language];
