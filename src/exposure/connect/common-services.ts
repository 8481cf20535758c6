// Names that port numbers stand for, by IANA's registry and by habit; and the ports that the connect scan asks when nobody says which.
import { riskPorts } from '../risk-classes.ts';

const names: Readonly<Record<number, string>> = {
  ...{ 21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 53: 'domain', 69: 'tftp', 79: 'finger', 80: 'http', 88: 'kerberos-sec' },
  ...{ 110: 'pop3', 111: 'rpcbind', 119: 'nntp', 123: 'ntp', 135: 'msrpc', 139: 'netbios-ssn', 143: 'imap', 161: 'snmp', 179: 'bgp' },
  ...{
    389: 'ldap',
    443: 'https',
    445: 'microsoft-ds',
    465: 'smtps',
    502: 'modbus',
    512: 'exec',
    513: 'login',
    514: 'shell',
    515: 'printer',
  },
  ...{ 548: 'afp', 554: 'rtsp', 587: 'submission', 623: 'asf-rmcp', 631: 'ipp', 636: 'ldapssl', 873: 'rsync', 993: 'imaps', 995: 'pop3s' },
  ...{ 1080: 'socks', 1099: 'rmiregistry', 1194: 'openvpn', 1433: 'ms-sql-s', 1521: 'oracle', 1723: 'pptp', 1883: 'mqtt', 1900: 'upnp' },
  ...{
    2049: 'nfs',
    2181: 'zookeeper',
    2222: 'ssh-alt',
    2375: 'docker',
    2376: 'docker-tls',
    2379: 'etcd',
    3000: 'http-alt',
    3128: 'squid-http',
  },
  ...{
    3260: 'iscsi',
    3306: 'mysql',
    3389: 'ms-wbt-server',
    4369: 'epmd',
    5000: 'http-alt',
    5060: 'sip',
    5432: 'postgresql',
    5601: 'kibana',
  },
  ...{ 5672: 'amqp', 5900: 'vnc', 5901: 'vnc-1', 5984: 'couchdb', 5985: 'wsman', 6000: 'X11', 6379: 'redis', 6443: 'kube-apiserver' },
  ...{
    6667: 'irc',
    7001: 'weblogic',
    8000: 'http-alt',
    8008: 'http',
    8080: 'http-proxy',
    8081: 'http-alt',
    8443: 'https-alt',
    8888: 'http-alt',
  },
  ...{ 9000: 'http-alt', 9042: 'cassandra', 9090: 'http-alt', 9092: 'kafka', 9200: 'elasticsearch', 9418: 'git', 10000: 'webmin' },
  ...{ 10250: 'kubelet', 11211: 'memcached', 15672: 'rabbitmq', 27017: 'mongodb', 50000: 'db2', 50070: 'hdfs' },
};

export const serviceName = (port: number): string => names[port] ?? '';

/** Every named port and every port of a risk class. */
export const commonTcpPorts = (): readonly number[] =>
  [...new Set([...Object.keys(names).map(Number), ...riskPorts('tcp')])].sort((a, b) => a - b);
