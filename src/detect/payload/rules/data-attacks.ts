// Attacks on what a web application reads: files, databases, other servers, its users' browsers.
// CWE-22, CWE-89, CWE-611, CWE-918, CWE-79.
import { pattern, type Rule, rulesOf } from './rule.ts';

const up = String.raw`(?:\.{2,4}[/\\;]{1,3}){2}`;
const prizes = String.raw`(?:etc[/\\](?:passwd|shadow|group|hosts|issue|crontab|ssh|nginx|apache2|mysql)|proc[/\\](?:self|version|\d)|win\.ini|boot\.ini|system32|web-inf|\.ssh|id_rsa|\.env\b|wp-config|\.git[/\\]|var[/\\]log|usr[/\\]local|root[/\\]|config\.php|windows[/\\])`;

const traversal: readonly Rule[] = [
  {
    family: 'traversal',
    strength: 'exploit',
    technique: 'path traversal to an interpreter',
    hints: ['/bin/', 'cmd.exe', 'powershell.exe', 'command.com'],
    pattern:
      /\.\.?[/\\][\w%./\\-]{0,200}(?:\/bin\/(?:ba|da|z|k)?sh|cmd\.exe|command\.com|powershell\.exe)\b|\/cgi-bin\/[\w%./-]{0,100}\/bin\/(?:ba|da|z)?sh\b/gi,
    places: ['path'],
  },
  ...rulesOf({ family: 'traversal', strength: 'attack' }, [
    {
      technique: 'path traversal to a file of the system',
      hints: ['../', '..\\', '..;'],
      pattern: pattern(String.raw`${up}[\w./\\-]{0,100}${prizes}`),
      places: ['path', 'query', 'form', 'header'],
    },
    {
      technique: 'file of the system in a parameter',
      hints: ['/etc/', '/proc/self', 'win.ini', 'boot.ini'],
      pattern:
        /(?:^|[=:,"' ]|file:\/\/)[./\\]{0,12}(?:c:)?[/\\](?:etc\/(?:passwd|shadow|group|hosts|issue)|proc\/self\/\w|(?:windows[/\\])?win\.ini|boot\.ini)\b/gi,
      places: ['query', 'form'],
    },
    {
      technique: 'file of the system as the path',
      hints: ['/etc/passwd', '/etc/shadow', 'win.ini', 'boot.ini', '/proc/self'],
      pattern: /\/(?:etc\/(?:passwd|shadow)|(?:windows\/)?win\.ini|boot\.ini|proc\/self\/(?:environ|cmdline))(?:$|[?#\s\0])/gi,
      places: ['path'],
    },
  ]),
  ...rulesOf({ family: 'traversal', strength: 'probe' }, [
    {
      technique: 'path traversal',
      hints: ['../', '..\\', '..;'],
      pattern: pattern(String.raw`(?:\.{2}[/\\;]{1,3}){3}`),
      places: ['path', 'query', 'form'],
    },
  ]),
];

/** What stands before an injection that breaks out of a value: a quote, a bracket, or the number of an id. */
const broken = String.raw`(?:['"${'`'})]|(?:(?:^|[&?])[\w.[\]-]{1,64}=|^)-?\d{1,9}|%)`;
const same = String.raw`(?:['"]?(\w{1,20})['"]? ?(?:=|like|<=>|>=|rlike) ?['"(]?\2|\d{1,9} ?[=<>]{1,2} ?\d{1,9}|true\b|not false\b|\(? ?select\b|(?:ascii|substring|substr|mid|length|char_length|exists|ord|sleep|benchmark|extractvalue|updatexml|elt|if) ?\()`;

const sql: readonly Rule[] = rulesOf({ family: 'sql', strength: 'attack' }, [
  {
    technique: 'UNION SELECT',
    hints: ['union'],
    pattern: pattern(String.raw`(?:${broken}|/|;)[^=&]{0,40}?[\s)/*(]union[\s(/*!\d]{1,12}(?:all |distinct )?\(?select[\s(/*'"\d]`),
    places: ['path', 'query', 'form', 'header', 'body'],
  },
  {
    technique: 'UNION SELECT',
    hints: ['union'],
    pattern: /\bunion (?:all |distinct )?select (?:null|@@|\d{1,9}|0x|char\(|concat|['"(]|\w{1,30}\(\)) ?(?:,|from\b|--|#|$|\))/gi,
    places: ['query', 'form', 'header', 'body'],
  },
  {
    technique: 'boolean condition',
    hints: [' or ', ' and ', '||', '&&', 'or(', 'and(', "'or", "'and", '"or'],
    pattern: pattern(String.raw`${broken} ?(?:\) ?){0,3}(or|and|xor|\|\||&&)[\s(]{1,4}(?:not )?${same}`),
    places: ['path', 'query', 'form', 'header', 'body'],
  },
  {
    technique: 'columns counted by ORDER BY',
    hints: ['order by'],
    pattern: pattern(String.raw`${broken} ?(?:\) ?){0,3}order by \d{1,3} ?(?:--|#|$|&|,)`),
    places: ['query', 'form', 'path'],
  },
  {
    technique: 'time delay',
    hints: ['sleep(', 'benchmark(', 'waitfor', 'pg_sleep', 'dbms_pipe', 'dbms_lock', 'randomblob('],
    pattern:
      /['")\d ;(,]\(?(?:select |and |or |if\()? ?(?:pg_sleep\(|sleep\( ?\d{1,4} ?\)|benchmark\( ?\d{4,12} ?,|waitfor delay ?['"]|dbms_pipe\.receive_message|dbms_lock\.sleep|randomblob\( ?\d{6})/gi,
    places: ['path', 'query', 'form', 'header'],
  },
  {
    technique: 'stacked statement',
    hints: [';'],
    pattern:
      /['")\d] ?; ?(?:drop (?:table|database)|insert into|update \w{1,40} set|delete from|exec(?:ute)?[ (](?:master|xp_|sp_|\()|declare @|select pg_|shutdown\b|create (?:table|user)|alter (?:table|user))/gi,
    places: ['query', 'form', 'header', 'path'],
  },
  {
    technique: 'command through a database',
    hints: ['xp_cmdshell', 'into outfile', 'into dumpfile', 'copy ', 'sp_oacreate', 'load_file('],
    pattern:
      /\bxp_cmdshell\b|\binto (?:out|dump)file ?['"]|\bcopy \w{1,40}(?:\([^)]{0,40}\))? from program\b|sp_oacreate|\bload_file\( ?['"0]/gi,
    places: ['query', 'form', 'header', 'path'],
  },
  {
    technique: 'catalogue of the database',
    hints: ['information_schema', 'sysobjects', 'sqlite_master', 'all_tables', 'pg_catalog', '@@version'],
    pattern:
      /['")\d ](?:[^&]{0,200})\b(?:from information_schema\.|from sqlite_master|from (?:\w{1,20}\.\.)?sysobjects|from all_tables|@@version\b)/gi,
    places: ['query', 'form', 'header', 'path'],
  },
  {
    technique: 'error made to talk',
    hints: ['extractvalue(', 'updatexml(', 'floor(rand', 'convert(int'],
    pattern: /\b(?:extractvalue\( ?\w{1,20} ?,|updatexml\( ?\w{1,20} ?,|floor\( ?rand\( ?0 ?\)|convert\( ?int ?, ?\( ?select)/gi,
    places: ['query', 'form', 'header', 'path'],
  },
  {
    technique: 'statement cut off by a comment',
    hints: ['--', '#', '/*'],
    pattern: /(?:^|=)[^=&]{0,40}['"]\)* ?(?:--(?:[\s+&-]|$)|#\s?(?:$|&)|;--)/gi,
    places: ['query', 'form'],
  },
]);

const requests: readonly Rule[] = [
  ...rulesOf({ family: 'external-entity', strength: 'attack' }, [
    {
      technique: 'external XML entity',
      hints: ['<!entity'],
      pattern: pattern(
        String.raw`<!ENTITY (?:% ?)?[\w.-]{1,40} (?:SYSTEM|PUBLIC ["'][^"']{0,80}["']) ["'](?:(?:https?|ftp)://HOST(?::PORT)?)?`,
      ),
      callback: 'fetch',
      places: ['body', 'form', 'query'],
    },
    {
      technique: 'external XML document',
      hints: ['<!doctype'],
      pattern: pattern(String.raw`<!DOCTYPE [\w.:-]{1,40} SYSTEM ["'](?:https?|ftp)://HOST(?::PORT)?`),
      callback: 'fetch',
      places: ['body', 'form', 'query'],
    },
  ]),
  ...rulesOf({ family: 'request-forgery', strength: 'attack' }, [
    {
      technique: 'remote file in a parameter',
      hints: ['=http', '=ftp', '=//'],
      pattern: pattern(
        String.raw`(?:^|&)(?:page|file|include|inc|path|template|lang|mod|document|view|content|root|dir|pg|load)=(?:(?:https?|ftp):)?//(?:(?=(?:\d{1,3}\.){3}\d)|(?=[^&\s]{1,200}\.txt\b))HOST(?::PORT)?/`,
      ),
      callback: 'fetch',
      places: ['query', 'form'],
    },
    {
      technique: 'request to a metadata service',
      hints: [
        '169.254.169.254',
        'metadata.google.internal',
        'fd00:ec2::254',
        '100.100.100.200',
        '169.254.170.2',
        '2852039166',
        '0xa9fea9fe',
        '::ffff:169.254',
      ],
      pattern:
        /(?:^|[=:/"'\s@,[(])(?:\[?(?:::ffff:)?169\.254\.(?:169\.254|170\.2)\]?|metadata\.google\.internal|\[fd00:ec2::254\]|100\.100\.100\.200|2852039166|0xa9fea9fe)(?=$|[:/\s"'?&#])/gi,
      places: ['query', 'form', 'body'],
    },
    {
      technique: 'request by another scheme',
      hints: ['gopher://', 'dict://', 'file://', 'netdoc:', 'jar:http', 'ldap://'],
      pattern: pattern(
        String.raw`(?:=|["'\s]|^)(?:gopher|dict|ldap|tftp|sftp)://HOST(?::PORT)?|(?:=|^)(?:file:///(?:etc|proc|c:)|netdoc:|jar:http)`,
      ),
      callback: 'fetch',
      places: ['query', 'form'],
    },
  ]),
];

const scripts: readonly Rule[] = rulesOf({ family: 'script', strength: 'probe' }, [
  {
    technique: 'script in a parameter',
    hints: ['<script', '<svg', '<img', '<iframe', '<body', 'javascript:', 'onerror', 'onload'],
    pattern:
      /<script[\s/>]|<(?:svg|img|iframe|body|input|details|video|a)[\s/][^>]{0,200}\bon(?:error|load|click|focus|mouseover|toggle|start)\s?=|(?:^|=|["'])javascript:[\w(]{0,40}(?:alert|prompt|confirm|eval|document|window)\b/gi,
    places: ['path', 'query'],
  },
]);

export const dataAttackRules: readonly Rule[] = [...traversal, ...sql, ...requests, ...scripts];
