// A TLS handshake for the sake of the certificate; nothing is trusted and nothing is sent afterwards but one HTTP question.
import { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { CertificateEvidence, ServiceEvidence } from '../../model/exposure.ts';
import { spokenText } from '../service-prober.ts';

const maxNames = 20;

/** `CN=a, O=b` in one line. */
const nameOf = (text: string): string => spokenText(text.split('\n').join(', '));

function certificateOf(socket: TLSSocket): CertificateEvidence | undefined {
  const der = socket.getPeerCertificate(false).raw;
  if (der === undefined) return undefined;
  const { subject, issuer, subjectAltName = '', validFromDate, validToDate, fingerprint256 } = new X509Certificate(der);
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: subjectAltName
      .split(', ')
      .map((one) => spokenText(one.replace(/^(?:DNS|IP Address):/, '')))
      .filter((one) => one !== '')
      .slice(0, maxNames),
    notBefore: validFromDate.toISOString(),
    notAfter: validToDate.toISOString(),
    sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    selfSigned: subject === issuer,
  };
}

/** What the handshake showed, and what came after `question`; undefined when there was no TLS. */
export function askTls(
  target: { readonly address: string; readonly port: number },
  { question, timeoutMs }: { readonly question: string; readonly timeoutMs: number },
): Promise<{ readonly tls: NonNullable<ServiceEvidence['tls']>; readonly answer: string } | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, rejectUnauthorized: false, minVersion: 'TLSv1' });
    let tls: ServiceEvidence['tls'];
    let answer = '';
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(tls === undefined ? undefined : { tls, answer });
    };
    const timer = setTimeout(end, timeoutMs);
    socket.once('secureConnect', () => {
      try {
        const certificate = certificateOf(socket);
        tls = { version: socket.getProtocol() ?? '', ...(certificate !== undefined && { certificate }) };
      } catch {
        // A certificate that cannot be read is still TLS.
        tls = { version: socket.getProtocol() ?? '' };
      }
      socket.write(question);
    });
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('utf8');
      if (answer.length > 4096) end();
    });
    socket.once('end', end);
    socket.once('error', end);
  });
}
