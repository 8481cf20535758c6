// Words for open ports that texts, mails and findings share.
import type { ExposedPort } from '../model/exposure.ts';

/** `, database` */
export const riskWord = ({ riskClass }: ExposedPort): string => (riskClass === undefined ? '' : `, ${riskClass}`);
