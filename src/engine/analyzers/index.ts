// The explicit list of analyzers.
import type { Analyzer } from './analyzer.ts';
import { dceRpc } from './dce_rpc/dce-rpc.ts';
import { dhcp } from './dhcp/dhcp.ts';
import { dnp3Tcp } from './dnp3_tcp/dnp3-tcp.ts';
import { dnp3Udp } from './dnp3_udp/dnp3-udp.ts';
import { dns } from './dns/dns.ts';
import { dtls } from './dtls/dtls.ts';
import { finger } from './finger/finger.ts';
import { ftp } from './ftp/ftp.ts';
import { ftpData } from './ftp-data/ftp-data.ts';
import { http } from './http/http.ts';
import { imap } from './imap/imap.ts';
import { irc } from './irc/irc.ts';
import { ircDccData } from './irc-dcc-data/irc-dcc-data.ts';
import { krb } from './krb/krb.ts';
import { krbTcp } from './krb_tcp/krb-tcp.ts';
import { ldapTcp } from './ldap_tcp/ldap-tcp.ts';
import { ldapUdp } from './ldap_udp/ldap-udp.ts';
import { modbus } from './modbus/modbus.ts';
import { mqtt } from './mqtt/mqtt.ts';
import { mysql } from './mysql/mysql.ts';
import { ntp } from './ntp/ntp.ts';
import { pop3 } from './pop3/pop3.ts';
import { postgresql } from './postgresql/postgresql.ts';
import { quic } from './quic/quic.ts';
import { radius } from './radius/radius.ts';
import { rdp } from './rdp/rdp.ts';
import { rdpeudp } from './rdpeudp/rdpeudp.ts';
import { redis } from './redis/redis.ts';
import { rfb } from './rfb/rfb.ts';
import { sip } from './sip/sip.ts';
import { smb } from './smb/smb.ts';
import { smtp } from './smtp/smtp.ts';
import { snmp } from './snmp/snmp.ts';
import { socks } from './socks/socks.ts';
import { ssh } from './ssh/ssh.ts';
import { ssl } from './ssl/ssl.ts';
import { syslog } from './syslog/syslog.ts';
import { xmpp } from './xmpp/xmpp.ts';

/** Every analyzer, by name. */
export const analyzers: readonly Analyzer[] = [
  dceRpc,
  dhcp,
  dnp3Tcp,
  dnp3Udp,
  dns,
  dtls,
  finger,
  ftp,
  ftpData,
  http,
  imap,
  irc,
  ircDccData,
  krb,
  krbTcp,
  ldapTcp,
  ldapUdp,
  modbus,
  mqtt,
  mysql,
  ntp,
  pop3,
  postgresql,
  quic,
  radius,
  rdp,
  rdpeudp,
  redis,
  rfb,
  sip,
  smb,
  smtp,
  snmp,
  socks,
  ssh,
  ssl,
  syslog,
  xmpp,
];
