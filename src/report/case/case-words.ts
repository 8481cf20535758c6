// The catalogues of cases by language.
import type { Language } from '../values.ts';
import { type CaseWords, caseEn } from './words-en.ts';
import { caseNb } from './words-nb.ts';

const catalogues: Readonly<Record<Language, CaseWords>> = { en: caseEn, nb: caseNb };

/** The texts of a language. */
export const caseWordsIn = (language: Language): CaseWords => catalogues[language];
