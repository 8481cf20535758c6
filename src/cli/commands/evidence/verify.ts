// vedette evidence verify
import type { Command } from 'commander';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { Bundles, VerifyResult } from '../../../workflows/bundle/bundles.ts';
import { print } from '../../output/one-line.ts';

interface Options {
  readonly trustedKey?: string;
  readonly tsaCa?: string;
  readonly json: boolean;
}

const examples = `
Says by name which file changed, is missing or was added, where the custody log breaks, and whether signature and time stamp fit.
A key that lies in the bundle proves only that nothing changed since it was signed; who signed is proven with --trusted-key, a key
that came to you another way. Nothing of an archive is unpacked; links and paths that lead out of it are refused by name.

Examples:
  vedette evidence verify /srv/evidence/case-1
  vedette evidence verify case-1.tar.gz --trusted-key response-team.pub --tsa-ca authority.pem --json
  cd case-1 && sha256sum -c SHA256SUMS                        without vedette
  openssl pkeyutl -verify -pubin -inkey signing-key.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig

Exit codes: 0 whole, 1 not whole: the problems are named, 2 not a bundle or it cannot be read.
`;

function signatureLine({ signedBy, isTrusted, manifest }: VerifyResult): string {
  if (signedBy === undefined) return manifest?.signingKey === undefined ? 'Not signed.' : 'The signature does not fit.';
  const trust =
    isTrusted === true ? 'the trusted key' : isTrusted === false ? 'NOT the trusted key' : 'who that is, only --trusted-key can show';
  return `Signed by ${signedBy} (${trust})`;
}

function stampLine({ stamp, chain }: VerifyResult): string {
  if (stamp === undefined) return chain === undefined ? 'No time stamp.' : 'There is no good time stamp.';
  const trust =
    chain === undefined
      ? 'its authority was not checked: give --tsa-ca'
      : chain.chain === 'good'
        ? 'its authority is trusted'
        : `its authority is ${chain.chain === 'bad' ? 'NOT trusted' : 'not checked'}: ${chain.reason}`;
  return `Time stamp ${stamp.at} (${trust})`;
}

function linesOf(result: VerifyResult): string[] {
  const { isWhole, problems, files, bytes, path, sumsSha256, manifest, custody } = result;
  return [
    isWhole ? `${path} is whole: ${files} files, ${bytes.toLocaleString('en')} bytes` : `${path} is NOT whole`,
    ...problems.map(({ path: name, detail }) => `  ${name} ${detail}`),
    `SHA256SUMS ${sumsSha256}`,
    ...(manifest === undefined
      ? []
      : [`Made ${manifest.createdAt} by ${manifest.createdBy.who} on ${manifest.createdBy.host}, vedette ${manifest.version}`]),
    signatureLine(result),
    stampLine(result),
    `Custody: ${custody.length} entries`,
    ...custody
      .filter(({ what }) => !/collected|hashed/.test(what))
      .map(
        ({ at, who, host, what, ...rest }) =>
          `  ${at} ${who} on ${host}: ${what}${typeof rest['to'] === 'string' ? ` to ${rest['to']}` : ''}`,
      ),
    ...(manifest?.gaps ?? []).map(({ what, reason }) => `Was not to be had: ${what}: ${reason}`),
  ];
}

/** DER is not for JSON. */
const jsonOf = ({ stamp, custody, ...rest }: VerifyResult): unknown => ({
  ...{ schema: 1, ...rest, custodyEntries: custody.length, ...(stamp !== undefined && { stampedAt: stamp.at }) },
});

/** Adds the command. */
export function addEvidenceVerify(evidence: Command, bundles: (stateDirectory: string) => Bundles): void {
  evidence
    .command('verify')
    .summary('check a bundle: every file, custody, signature, time stamp')
    .description('Checks a bundle, as a directory or as .tar.gz.')
    .argument('<bundle>', 'directory or archive')
    .option('--trusted-key <file>', 'public key (PEM) that must have signed')
    .option('--tsa-ca <file>', 'certificates (PEM) of the time stamp authority; needs openssl')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', examples)
    .action(async (path: string, { trustedKey, tsaCa, json }: Options) => {
      const result = await bundles(standardStateDirectory).verify({
        path,
        ...(trustedKey !== undefined && { trustedKeyFile: trustedKey }),
        ...(tsaCa !== undefined && { authorityFile: tsaCa }),
      });
      print(json, jsonOf(result), linesOf(result));
      process.exitCode = result.isWhole ? 0 : 1;
    });
}
