// Code put where data is expected: expression languages, template engines, interpreters. CWE-94, CWE-917, CWE-1336.
import { type Rule, rulesOf } from './rule.ts';

const javaAndSpring = rulesOf({ family: 'code', strength: 'exploit' }, [
  {
    technique: 'OGNL expression',
    hints: ['#_memberaccess', '@ognl', 'xwork', 'ognlcontext', 'ognlutil', '#context[', '#cmd=', '#req='],
    pattern: /#_memberAccess|@ognl\.OgnlContext|com\.opensymphony\.xwork2|#ognlUtil|#context\[|\(#cmd ?=|\(#req ?=/gi,
  },
  {
    technique: 'OGNL expression',
    hints: ['%{', '${', 'redirect:'],
    pattern: /(?:[%$]\{ ?\(?#|[%$]\{ ?@|redirect(?:Action)?:[%$]\{)[\w.@(=' -]{2}/gi,
  },
  {
    technique: 'Java runtime call',
    hints: ['getruntime', 'processbuilder'],
    pattern: /getRuntime\(\)|java\.lang\.Runtime|new (?:java\.lang\.)?ProcessBuilder|['"]getRuntime['"]/gi,
  },
  {
    technique: 'Spring expression',
    hints: ['t(java', '#{t(', 't(org', 'routing-expression'],
    pattern: /(?:[#$]\{ ?)?\bT\( ?(?:java|javax|org|com)\.[\w.]{3,60}\)|spring\.cloud\.function\.routing-expression/gi,
  },
  {
    technique: 'Spring class loader parameters',
    hints: ['classloader'],
    pattern: /\bclass(?:\.module|\[['"]module['"]\])?(?:\.|\[['"])classLoader/gi,
  },
  {
    technique: 'script engine in an expression',
    hints: ['scriptenginemanager', 'javax.script'],
    pattern: /javax\.script\.|ScriptEngineManager/gi,
  },
  {
    technique: 'template engine utility',
    hints: ['freemarker.template', '#set(', 'classloader'],
    pattern: /freemarker\.template\.utility\.Execute|#set ?\( ?\$\w{1,20} ?= ?.{0,40}class\.(?:forName|inspect)/gi,
  },
  {
    technique: 'serialised Java object',
    hints: ['ro0ab'],
    pattern: /\brO0AB[XQ][A-Za-z0-9+/]{12}/gi,
    places: ['header', 'query', 'form', 'body'],
  },
  { technique: 'Groovy command', hints: ['.execute()'], pattern: /["']\S[^"'\n]{0,200}["']\.execute\(\)/gi },
]);

const phpAndOthers = rulesOf({ family: 'code', strength: 'exploit' }, [
  {
    technique: 'PHP function call by a parameter',
    hints: ['invokefunction', 'call_user_func'],
    pattern: /think\\?[/\\]?app\/invokefunction|invokefunction&function=|function=call_user_func(?:_array)?/gi,
  },
  {
    technique: 'PHP in a request',
    hints: ['<?php', '<?='],
    pattern:
      /<\?(?:php|=)[\s\S]{0,200}?(?:eval|assert|system|passthru|shell_exec|exec|popen|proc_open|base64_decode|phpinfo|file_put_contents|md5|die|print|echo)\b/gi,
  },
  {
    technique: 'PHP code evaluation',
    hints: ['eval(', 'assert('],
    pattern: /\b(?:@?eval|assert) ?\( ?(?:base64_decode|gzinflate|str_rot13|\$_(?:GET|POST|REQUEST|COOKIE|SERVER)|get_magic_quotes)/gi,
  },
  {
    technique: 'command call of a script',
    hints: ['system(', 'shell_exec(', 'passthru(', 'popen(', 'proc_open('],
    pattern:
      /\b(?:system|shell_exec|passthru|popen|proc_open)\( ?(?:["'](?:id|whoami|ls|cat|uname|wget|curl|nc|bash|sh|ping|dir|echo|ipconfig|ifconfig|certutil|cmd|powershell|\/)|\$_(?:GET|POST|REQUEST)|base64_decode)/gi,
  },
  {
    technique: 'PHP stream as a file',
    hints: ['php://', 'data://', 'expect://', 'phar://', 'data:text'],
    pattern: /\b(?:php:\/\/(?:input|filter)|expect:\/\/\w|phar:\/\/[\w./]|data:\/{0,2}text\/plain[;,](?:base64,)?(?:<\?|PD9))/gi,
    places: ['path', 'query', 'form'],
  },
  {
    technique: 'PHP settings by the command line',
    hints: ['auto_prepend_file', 'allow_url_include'],
    pattern: /\b(?:auto_prepend_file|allow_url_include) ?=/gi,
  },
  { technique: 'PHP unit test evaluator', hints: ['eval-stdin.php'], pattern: /phpunit\/[\w/.-]{0,80}eval-stdin\.php/gi, places: ['path'] },
  {
    technique: 'page of a server in a request',
    hints: ['<%'],
    pattern:
      /<%[@=!]? ?[\s\S]{0,200}?(?:page import|page language|getRuntime|ProcessBuilder|request\.getParameter|\beval\b|\bexecute\b|Response\.Write|CreateObject|out\.print)/gi,
    places: ['query', 'form', 'body'],
  },
  {
    technique: 'Windows script with a shell',
    hints: ['wscript.shell', 'shell.application', 'process.start('],
    pattern:
      /(?:CreateObject|ActiveXObject)\( ?["'](?:WScript\.Shell|Shell\.Application)["']|Diagnostics\.Process\.Start\(|\bProcess\.Start\( ?["']/gi,
  },
  {
    technique: 'Drupal render array',
    hints: ['#post_render', '#pre_render', '#lazy_builder', '#markup'],
    pattern: /\[?['"]?#(?:post_render|pre_render|lazy_builder|access_callback)['"]?\]?(?:\[\])?['"]? ?[=:\]]/gi,
  },
  {
    technique: 'Python code',
    hints: ['__import__', '__subclasses__', '__globals__', '__mro__', '__builtins__'],
    pattern: /__import__\( ?['"](?:os|subprocess|socket|pty)|__subclasses__\(|__globals__\b|__builtins__\b|\.__mro__\b/gi,
  },
  {
    technique: 'Python command call',
    hints: ['os.system(', 'os.popen('],
    pattern: /\bos\.(?:system|popen)\( ?['"]/gi,
    places: ['path', 'query', 'form', 'header'],
  },
  {
    technique: 'JavaScript of the server side',
    hints: ['child_process', 'mainmodule', '_$$nd_func$$_'],
    pattern: /require\( ?['"](?:node:)?child_process['"] ?\)|process\.mainModule\.|_\$\$ND_FUNC\$\$_|global\.process\b/gi,
    places: ['path', 'query', 'form', 'body', 'header'],
  },
  {
    technique: 'remote management command (OMI, CVE-2021-38647)',
    hints: ['scx_operatingsystem'],
    pattern: /SCX_OperatingSystem\/?Execute(?:ShellCommand|Script|Command)\b|<\w{0,8}:?Execute(?:ShellCommand|Script|Command)_INPUT/gi,
    places: ['body', 'form'],
  },
  {
    technique: 'remote management command of a router',
    hints: ['<newntpserver1>', 'addportmapping', '<newstatusurl>', '<newdownloadurl>'],
    pattern: /<New(?:NTPServer\d|StatusURL|DownloadURL|InternalClient)>[^<]{0,20}[`$;]/gi,
    places: ['body', 'form'],
  },
]);

const templates = rulesOf({ family: 'template', strength: 'probe' }, [
  {
    technique: 'arithmetic in a template',
    hints: ['{{', '${', '#{', '<%=', '*{', '@('],
    pattern: /(?:\{\{|[$#*]\{\{? ?\(?|<%=|@\() ?['"]?\d{1,6}['"]? ?[*+] ?['"]?\d{1,6}['"]? ?\)?(?:\}|%>|\))/gi,
    places: ['path', 'query', 'form', 'header'],
  },
  {
    technique: 'objects of a template engine',
    hints: ['{{', '{%'],
    pattern:
      /\{\{ ?(?:config|self|request|settings|''|""|\[\]|\(\)|cycler|lipsum|url_for|get_flashed_messages)(?:\.|\[|\||\()? ?(?:__|items|application|class|attr|settings|environ)/gi,
    places: ['path', 'query', 'form', 'header'],
  },
]);

export const codeRules: readonly Rule[] = [...javaAndSpring, ...phpAndOthers, ...templates];
