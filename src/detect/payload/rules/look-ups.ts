// Log4Shell (CVE-2021-44228) and what hides it.
import { pattern, type Rule, rulesOf } from './rule.ts';

export const lookUpRules: readonly Rule[] = rulesOf({ family: 'look-up', strength: 'exploit' }, [
  {
    technique: 'JNDI look-up',
    hints: ['jndi:'],
    pattern: pattern(String.raw`jndi:(?:ldaps?|rmi|dns|iiop|corba|nds|nis|https?):/{0,3}(?:[^\s/@{}]{1,64}#)?HOST(?::PORT)?`),
    callback: 'look-up',
  },
  { technique: 'JNDI look-up', hints: ['jndi:'], pattern: /\$\{ ?jndi: ?[a-z]{0,8}:?/gi },
  {
    technique: 'nested look-ups that hide a word',
    hints: ['${'],
    pattern: /\$\{(?:lower:|upper:|[^{}\s]{0,12}:-)?\$\{[^{}\s]{0,16}:-?[^{}\s]{0,12}\}/gi,
  },
  {
    technique: 'look-ups letter by letter',
    hints: [':-', 'lower:', 'upper:'],
    pattern: /(?:\$\{(?:[^{}\s]{0,12}:-|lower:|upper:)[^{}\s]\}){2}/gi,
  },
]);
