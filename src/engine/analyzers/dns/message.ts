// One DNS message, read in place. RFC 1035 §4.1; updates RFC 2136 §2; NetBIOS RFC 1002 §4.2.
//
//    0               2               4               6               8               10
//   +---------------+---------------+---------------+---------------+---------------+---------------+
//   | identifier    | flags         | questions     | answers       | authorities   | additional    |
//   +---------------+---------------+---------------+---------------+---------------+---------------+
//   flags: QR(1) opcode(4) AA TC RD RA Z(3) rcode(4)
import type { Bytes } from '../../../base/bytes.ts';
import { Opcode, RrClass, RrType, typeName } from './constants.ts';
import { type CountWeird, NameReader } from './name-reader.ts';
import { RdataReader } from './rdata-reader.ts';

const HEADER_BYTES = 12;
/** Where the first question's name is, as nearly every compression pointer has it. */
const POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

/** How far the body could be read. */
export type BodyResult =
  /** Questions and answers are sound: this is DNS. */
  | 'sound'
  /** Malformed somewhere; what came before counts. */
  | 'broken'
  /** An update of something that is no zone: Zeek forgets the message. */
  | 'abandoned';

/** Sections of records that are read. Authorities and additional records are not: Zeek's defaults leave them out. */
type Section = 'answer' | 'prerequisite' | 'update';

/**
 * View over one message and what its body says. One object serves all messages of an engine; what it holds is valid until
 * the next `readHeader`.
 */
export class DnsMessage {
  id = 0;
  /** The 16 bits as they are. */
  flags = 0;
  opcode = 0;
  isResponse = false;
  questions = 0;
  answerCount = 0;
  authorityCount = 0;
  additionalCount = 0;

  /** A question was read; of several the last one counts. Name in lower case. */
  asked = false;
  question = '';
  questionType = 0;
  questionClass = 0;
  /** A record was reported that makes a response an answer, with words or without. */
  answered = false;
  /** Name of the first such record; read only on demand. */
  answerOwner: string | undefined;
  /** Words of the answers and, in parallel, their seconds to live; undefined when there are none. */
  answers: string[] | undefined;
  lifetimes: number[] | undefined;

  readonly #names = new NameReader();
  readonly #rdata: RdataReader;
  #bytes: Bytes;
  #start = 0;
  #end = 0;
  #at = 0;
  #weird: CountWeird = () => {};
  /** Position behind the first question's name when that name is sound; 0 otherwise. */
  #questionEnd = 0;
  #firstQuestion = '';
  #netbiosServer = false;
  #isUpdate = false;
  #collects = false;
  #wantsOwner = false;
  #zoneClass = 0;
  #owner = '';
  #ownerKnown = false;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#rdata = new RdataReader(this.#names, bytes);
  }

  /** Points the view at a message; false when it is shorter than a header. */
  readHeader(bytes: Bytes, start: number, end: number): boolean {
    if (end - start < HEADER_BYTES) return false;
    const { view } = bytes;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.id = view.getUint16(start);
    this.flags = view.getUint16(start + 2);
    this.isResponse = this.flags >= 0x8000;
    this.opcode = (this.flags >>> 11) & 15;
    this.questions = view.getUint16(start + 4);
    this.answerCount = view.getUint16(start + 6);
    this.authorityCount = view.getUint16(start + 8);
    this.additionalCount = view.getUint16(start + 10);
    this.asked = false;
    this.answered = false;
    this.answerOwner = undefined;
    this.answers = undefined;
    this.lifetimes = undefined;
    return true;
  }

  /**
   * Reads questions and answers.
   * @param netbios one of the ports is NetBIOS's; `netbiosServer` the server's.
   * @param wantsOwner the row has no name yet, so that of the first answer is wanted.
   */
  readBody(netbios: boolean, netbiosServer: boolean, wantsOwner: boolean, weird: CountWeird): BodyResult {
    this.#weird = weird;
    this.#netbiosServer = netbiosServer;
    this.#isUpdate = this.opcode === Opcode.UPDATE && !netbios;
    this.#collects = this.isResponse;
    this.#wantsOwner = wantsOwner;
    this.#questionEnd = 0;
    this.#at = this.#start + HEADER_BYTES;
    this.#names.begin(this.#bytes, this.#start, netbiosServer, weird);
    this.#rdata.begin(this.#bytes, this.#end, weird);
    if (this.#isUpdate) return this.#readUpdate();
    for (let i = 0; i < this.questions; i++) if (!this.#readQuestion()) return 'broken';
    return this.#readRecords('answer', this.answerCount) ? 'sound' : 'broken';
  }

  #readUpdate(): BodyResult {
    if (this.questions !== 1) {
      this.#weird('DNS_DU_invalid_zone_count', `${this.questions}`);
      return 'broken';
    }
    const next = this.#names.read(this.#at, this.#end);
    if (!this.#hasRoom(next, 'DNS_truncated_ans_too_short')) return 'broken';
    const { view } = this.#bytes;
    if (view.getUint16(next) !== RrType.SOA) {
      this.#weird('DNS_DU_incorrect_zone_type');
      return 'abandoned';
    }
    this.#zoneClass = view.getUint16(next + 2);
    this.#at = next + 4;
    if (!this.#readRecords('prerequisite', this.answerCount)) return 'broken';
    return this.#readRecords('update', this.authorityCount) ? 'sound' : 'broken';
  }

  /** Type and class of a question or record follow; counts it when they do not. */
  #hasRoom(at: number, weird: string): boolean {
    if (this.#end - at >= 4) return true;
    this.#weird(weird);
    return false;
  }

  #readQuestion(): boolean {
    const names = this.#names;
    const start = this.#at;
    const next = names.read(start, this.#end);
    const isSound = names.sound;
    if (!this.#hasRoom(next, 'DNS_truncated_quest_too_short')) return false;
    const { view } = this.#bytes;
    this.asked = true;
    this.question = names.text();
    this.questionType = view.getUint16(next);
    this.questionClass = view.getUint16(next + 2);
    this.#at = next + 4;
    if (isSound && start === this.#start + HEADER_BYTES) {
      this.#questionEnd = next;
      this.#firstQuestion = this.question;
    }
    return true;
  }

  #readRecords(section: Section, count: number): boolean {
    for (let i = 0; i < count; i++) if (!this.#readRecord(section)) return false;
    return true;
  }

  /** @returns the position behind the owner's name. */
  #readOwner(): number {
    const at = this.#at;
    this.#ownerKnown = false;
    if (this.#questionEnd > 0 && this.#end - at >= 2 && this.#bytes.view.getUint16(at) === POINTER_TO_QUESTION) {
      this.#owner = this.#firstQuestion;
      this.#ownerKnown = true;
      return at + 2;
    }
    return this.#names.read(at, this.#end);
  }

  /** Text of the owner; to be asked for before another name is read. */
  #ownerText(): string {
    if (!this.#ownerKnown) {
      this.#owner = this.#names.text();
      this.#ownerKnown = true;
    }
    return this.#owner;
  }

  #readRecord(section: Section): boolean {
    const at = this.#readOwner();
    if (!this.#hasRoom(at, 'DNS_truncated_ans_too_short')) return false;
    const { view } = this.#bytes;
    const end = this.#end;
    const type = view.getUint16(at);
    const rrClass = view.getUint16(at + 2);
    let data = at + 4;
    let lifetime = 0;
    if (end - data >= 4) {
      lifetime = view.getUint32(data);
      data += 4;
    }
    let length = 0;
    if (end - data >= 2) {
      length = view.getUint16(data);
      data += 2;
    }
    if (length > end - data) {
      this.#weird('DNS_truncated_RR_rdlength_lt_len');
      return false;
    }
    this.#at = data;
    if (this.#isUpdate && this.#readChange(section, type, rrClass, lifetime, length)) return true;
    if (length === 0 && end > data) {
      if (!this.#isUpdate) this.#weird('DNS_zero_rdlength');
      return this.#isUpdate;
    }
    return this.#readData(type, data, lifetime, length);
  }

  #readData(type: number, data: number, lifetime: number, length: number): boolean {
    const rdata = this.#rdata;
    const needsOwner = type === RrType.NSEC || this.#isUpdate || (this.#wantsOwner && this.#collects && !this.answered);
    const owner = needsOwner ? this.#ownerText() : '';
    const understood = rdata.read(type, data, length, owner, this.#netbiosServer);
    if (rdata.text !== undefined && this.#collects) this.#report(this.#phrase(type, owner, rdata.text), owner, lifetime);
    this.#at = rdata.position;
    return understood;
  }

  /** Updates name what an address is added to. */
  #phrase(type: number, owner: string, text: string): string {
    if (!this.#isUpdate || text === '') return text;
    const isAddress = type === RrType.A || type === RrType.AAAA || type === RrType.A6;
    return isAddress ? `add: ${typeName(type)} ${owner} ${text}` : `add: ${text}`;
  }

  #report(text: string, owner: string, lifetime: number): void {
    if (!this.answered) {
      this.answered = true;
      this.answerOwner = owner;
    }
    if (text === '') return;
    if (this.answers === undefined || this.lifetimes === undefined) {
      this.answers = [text];
      this.lifetimes = [lifetime];
    } else {
      this.answers.push(text);
      this.lifetimes.push(lifetime);
    }
  }

  /** Records of an update that are conditions or deletions. RFC 2136 §2.4, §2.5. @returns whether the record is dealt with. */
  #readChange(section: Section, type: number, rrClass: number, lifetime: number, length: number): boolean {
    if (section === 'prerequisite') {
      this.#readCondition(type, rrClass, lifetime, length);
      return true;
    }
    const removesSet = rrClass === RrClass.ANY && lifetime === 0 && length === 0;
    if (removesSet) {
      const owner = this.#ownerText();
      if (this.#collects) this.#report(type === RrType.ANY ? `del: RRSet * ${owner}` : `del: RRSet ${typeName(type)}`, owner, lifetime);
      return true;
    }
    const fits = (rrClass === RrClass.NONE && lifetime === 0) || rrClass === this.#zoneClass;
    if (!fits) this.#weird('DNS_dynamic_update_invalid_update');
    return !fits;
  }

  #readCondition(type: number, rrClass: number, lifetime: number, length: number): void {
    if (lifetime !== 0) {
      this.#weird('DNS_dynamic_update_prereq_nonzero_ttl', `${lifetime | 0}`);
      return;
    }
    const isBare = (rrClass === RrClass.ANY || rrClass === RrClass.NONE) && length === 0;
    if (!isBare && rrClass !== this.#zoneClass) {
      this.#weird('DNS_dynamic_update_invalid_prereq');
      return;
    }
    const owner = this.#ownerText();
    if (this.#collects) this.#report(`pre: ${conditionOf(type, rrClass)} ${owner}`, owner, lifetime);
  }
}

function conditionOf(type: number, rrClass: number): string {
  const isAny = type === RrType.ANY;
  if (rrClass === RrClass.NONE) return isAny ? 'NameNotInUse' : `NoRRSet ${typeName(type)}`;
  return rrClass === RrClass.ANY && isAny ? 'NameInUse' : `RRSetExists ${typeName(type)}`;
}
