// Every rule, gravest family first: the first sign of a text names its endpoint.
import { codeRules } from './code.ts';
import { commandRules } from './commands.ts';
import { dataAttackRules } from './data-attacks.ts';
import { downloadRules } from './downloads.ts';
import { lookUpRules } from './look-ups.ts';
import { reverseShellRules } from './reverse-shells.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [
  ...reverseShellRules,
  ...lookUpRules,
  ...downloadRules,
  ...codeRules,
  ...commandRules,
  ...dataAttackRules,
];
