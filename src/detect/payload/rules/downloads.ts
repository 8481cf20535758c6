// Fetch-and-run payloads: the machine is to load a program from an end that the payload names. MITRE ATT&CK T1105.
import { pattern, type Rule, rulesOf } from './rule.ts';

const url = String.raw`["']?(?:https?|ftp|tftp)://(?:[^\s/@"']{1,64}@)?HOST(?::PORT)?(?![\w.:-])`;
const fetcher = String.raw`\b(?:curl|wget|fetch|lwp-download|lynx|aria2c|axel|GET)(?:\.exe)?`;
const options = String.raw`(?: -[^\s;|&]{1,61}(?: (?!["']?(?:https?|ftp)://)[^\s;|&-][^\s;|&]{0,80})?){0,6}`;

export const downloadRules: readonly Rule[] = rulesOf({ family: 'download', strength: 'exploit' }, [
  {
    technique: 'download piped into an interpreter',
    hints: ['curl', 'wget', 'fetch', 'lwp-download', 'lynx'],
    pattern: pattern(
      String.raw`${fetcher}${options} ${url}[^|;&\n]{0,200}\| ?(?:sudo )?(?:/[\w/]{1,20}/)?(?:(?:ba|da|z|k|a)?sh|python\d?|perl|php|ruby|node|base64)\b`,
    ),
    callback: 'download',
  },
  {
    technique: 'download run by a shell',
    hints: ['curl', 'wget'],
    pattern: pattern(String.raw`(?:\$\(|<\(|${'`'})\s?${fetcher}${options} ${url}`),
    callback: 'download',
  },
  {
    technique: 'download, then run or made executable',
    hints: ['curl', 'wget', 'fetch', 'lwp-download', 'tftp', 'ftpget'],
    pattern: pattern(`${fetcher}${options} ${url}`),
    nearby:
      /(?:[;|&\n] ?|\$\()(?:sudo |nohup |busybox )?(?:chmod (?:\+x|\d{3,4}|-R|u\+x|a\+x)|(?:ba|da|z|k)?sh (?:-c )?[\w./$~*-]{1,80}|\.\/[\w.$*-]{1,60}|(?:python\d?|perl|php) [\w./-]{1,60}|\/tmp\/|\/var\/tmp\/|\/dev\/shm\/)|cd (?:\/tmp|\/var|\/dev\/shm|\/mnt)|-[oOP] ?-? ?(?:\/tmp|\/var\/tmp|\/dev\/shm)/i,
    callback: 'download',
  },
  {
    technique: 'chained download',
    hints: ['curl', 'wget', 'fetch'],
    pattern: pattern(String.raw`(?:[;|&\n${'`'}]|\$\(|^) ?(?:/[\w/]{1,20}/)?(?:busybox )?${fetcher}${options} ${url}`),
    callback: 'download',
    places: ['path', 'query', 'form', 'header', 'stream'],
  },
  {
    technique: 'chained download without a scheme',
    hints: ['curl', 'wget'],
    pattern: pattern(
      String.raw`(?:[;|&\n${'`'}]|\$\() ?(?:/[\w/]{1,20}/)?(?:busybox )?(?:curl|wget)(?: -[a-z-]{1,21}){0,5} (?<![\w.])(?=(?:\d{1,3}\.){3}\d|[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}[/:])HOST(?::PORT)?(?:/|\b)`,
    ),
    callback: 'download',
    places: ['path', 'query', 'form', 'header', 'stream'],
  },
  {
    technique: 'TFTP download',
    hints: ['tftp'],
    pattern: pattern(String.raw`\btftp(?: -[a-z](?: [\w./][\w./-]{0,60})?){1,6} HOST(?: PORT)?(?=[\s;|&]|$)`),
    nearby: / -(?:g|r|l|c|i)\b|get/i,
    callback: 'download',
  },
  {
    technique: 'TFTP download',
    hints: ['tftp'],
    pattern: pattern(String.raw`\btftp(?: -[il])? HOST(?: PORT)? (?:-c )?get\b`),
    callback: 'download',
  },
  {
    technique: 'FTP download',
    hints: ['ftpget'],
    pattern: pattern(String.raw`\bftpget(?: -[a-z] [\w.@-]{1,40}){0,6} HOST\b`),
    callback: 'download',
  },
  {
    technique: 'PowerShell download',
    hints: ['downloadstring', 'downloadfile', 'downloaddata', 'invoke-webrequest', 'iwr ', 'invoke-restmethod', 'start-bitstransfer'],
    pattern: pattern(
      String.raw`(?:Download(?:String|File|Data)\( ?|(?:Invoke-WebRequest|iwr|Invoke-RestMethod|irm|Start-BitsTransfer)(?: -\w{1,20}){0,3} )${url}`,
    ),
    callback: 'download',
  },
  {
    technique: 'download by a system tool of Windows',
    hints: ['certutil', 'bitsadmin', 'mshta', 'regsvr32', 'msiexec'],
    pattern: pattern(
      String.raw`\b(?:certutil|bitsadmin|mshta|regsvr32|msiexec)(?:\.exe)?(?: [-/][^\s;|&]{1,60}){0,6} (?:[\w]{1,30} )?(?:/i:)?${url}`,
    ),
    callback: 'download',
  },
  {
    technique: 'download by a script',
    hints: ['urlopen(', 'urlretrieve(', 'requests.get('],
    pattern: pattern(String.raw`\b(?:urlopen|urlretrieve|requests\.get)\( ?${url}`),
    nearby: /\b(?:exec|eval|os\.system|subprocess|popen)\b/i,
    callback: 'download',
  },
]);
