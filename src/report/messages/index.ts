// The catalogues by language.
import type { Language } from '../values.ts';
import { en, type Messages } from './en.ts';
import { nb } from './nb.ts';

const catalogues: Readonly<Record<Language, Messages>> = { en, nb };

/** The texts of a language. */
export const messagesIn = (language: Language): Messages => catalogues[language];
