// Names of object identifiers as OpenSSL 3 prints them: short names in distinguished names, long names of algorithms.

const table = (prefix: string, entries: string): (readonly [string, string])[] =>
  entries
    .trim()
    .split(/\s*;\s*/)
    .map((entry): readonly [string, string] => {
      const at = entry.indexOf(' ');
      return [`${prefix}${entry.slice(0, at)}`, entry.slice(at + 1)];
    });

/** Short names of the attributes of distinguished names: X.520, RFC 4519, RFC 2985, CA/Browser Forum EV guidelines. */
export const attributeNames: ReadonlyMap<string, string> = new Map([
  ...table(
    '2.5.4.',
    `3 CN; 4 SN; 5 serialNumber; 6 C; 7 L; 8 ST; 9 street; 10 O; 11 OU; 12 title; 13 description; 14 searchGuide; 15 businessCategory;
    16 postalAddress; 17 postalCode; 18 postOfficeBox; 19 physicalDeliveryOfficeName; 20 telephoneNumber; 21 telexNumber;
    22 teletexTerminalIdentifier; 23 facsimileTelephoneNumber; 24 x121Address; 25 internationaliSDNNumber; 26 registeredAddress;
    27 destinationIndicator; 28 preferredDeliveryMethod; 29 presentationAddress; 30 supportedApplicationContext; 31 member; 32 owner;
    33 roleOccupant; 34 seeAlso; 35 userPassword; 36 userCertificate; 37 cACertificate; 38 authorityRevocationList;
    39 certificateRevocationList; 40 crossCertificatePair; 41 name; 42 GN; 43 initials; 44 generationQualifier; 45 x500UniqueIdentifier;
    46 dnQualifier; 47 enhancedSearchGuide; 48 protocolInformation; 49 distinguishedName; 50 uniqueMember; 51 houseIdentifier;
    52 supportedAlgorithms; 53 deltaRevocationList; 54 dmdName; 65 pseudonym; 72 role; 97 organizationIdentifier; 98 c3; 99 n3; 100 dnsName`,
  ),
  ...table(
    '0.9.2342.19200300.100.1.',
    `1 UID; 2 textEncodedORAddress; 3 mail; 4 info; 5 favouriteDrink; 6 roomNumber; 8 userClass; 9 host; 10 manager;
    11 documentIdentifier; 12 documentTitle; 13 documentVersion; 14 documentAuthor; 15 documentLocation; 20 homeTelephoneNumber;
    21 secretary; 25 DC; 37 associatedDomain; 38 associatedName; 39 homePostalAddress; 40 personalTitle; 41 mobileTelephoneNumber;
    42 pagerTelephoneNumber; 43 friendlyCountryName; 44 uid; 45 organizationalStatus; 48 buildingName`,
  ),
  ...table(
    '1.2.840.113549.1.9.',
    `1 emailAddress; 2 unstructuredName; 3 contentType; 4 messageDigest; 5 signingTime; 6 countersignature; 7 challengePassword;
    8 unstructuredAddress; 9 extendedCertificateAttributes; 14 extReq; 15 SMIME-CAPS; 16 SMIME; 20 friendlyName; 21 localKeyID`,
  ),
  ...table('1.3.6.1.4.1.311.60.2.1.', '1 jurisdictionL; 2 jurisdictionST; 3 jurisdictionC'),
  ...table('1.2.643.', '3.131.1.1 INN; 100.1 OGRN; 100.3 SNILS; 100.5 OGRNIP'),
]);

/** Long names of key and signature algorithms: RFC 8017, RFC 5758, RFC 8410, RFC 7091, GB/T 32918, FIPS 186. */
export const algorithmNames: ReadonlyMap<string, string> = new Map([
  ...table(
    '1.2.840.113549.1.1.',
    `1 rsaEncryption; 2 md2WithRSAEncryption; 3 md4WithRSAEncryption; 4 md5WithRSAEncryption; 5 sha1WithRSAEncryption;
    6 rsaOAEPEncryptionSET; 7 rsaesOaep; 8 mgf1; 9 pSpecified; 10 rsassaPss; 11 sha256WithRSAEncryption; 12 sha384WithRSAEncryption;
    13 sha512WithRSAEncryption; 14 sha224WithRSAEncryption; 15 sha512-224WithRSAEncryption; 16 sha512-256WithRSAEncryption`,
  ),
  ...table('1.2.840.113549.1.3.', '1 dhKeyAgreement'),
  ...table('1.2.840.113549.2.', '2 md2; 4 md4; 5 md5'),
  ...table('1.2.840.10046.2.', '1 X9.42 DH'),
  ...table('1.2.840.10040.4.', '1 dsaEncryption; 3 dsaWithSHA1'),
  ...table(
    '1.2.840.10045.',
    `2.1 id-ecPublicKey; 4.1 ecdsa-with-SHA1; 4.2 ecdsa-with-Recommended; 4.3 ecdsa-with-Specified; 4.3.1 ecdsa-with-SHA224;
    4.3.2 ecdsa-with-SHA256; 4.3.3 ecdsa-with-SHA384; 4.3.4 ecdsa-with-SHA512`,
  ),
  ...table(
    '1.3.14.3.2.',
    '3 md5WithRSA; 12 dsaEncryption-old; 13 dsaWithSHA; 15 shaWithRSAEncryption; 18 sha; 26 sha1; 27 dsaWithSHA1-old; 29 sha1WithRSA',
  ),
  ...table('1.3.36.3.', '2.1 ripemd160; 3.1.2 ripemd160WithRSA'),
  ...table('1.3.101.', '110 X25519; 111 X448; 112 ED25519; 113 ED448'),
  ...table(
    '2.16.840.1.101.3.4.2.',
    '1 sha256; 2 sha384; 3 sha512; 4 sha224; 5 sha512-224; 6 sha512-256; 7 sha3-224; 8 sha3-256; 9 sha3-384; 10 sha3-512',
  ),
  ...table(
    '2.16.840.1.101.3.4.3.',
    `1 dsa_with_SHA224; 2 dsa_with_SHA256; 3 dsa_with_SHA384; 4 dsa_with_SHA512; 5 dsa_with_SHA3-224; 6 dsa_with_SHA3-256;
    7 dsa_with_SHA3-384; 8 dsa_with_SHA3-512; 9 ecdsa_with_SHA3-224; 10 ecdsa_with_SHA3-256; 11 ecdsa_with_SHA3-384;
    12 ecdsa_with_SHA3-512; 13 RSA-SHA3-224; 14 RSA-SHA3-256; 15 RSA-SHA3-384; 16 RSA-SHA3-512`,
  ),
  ...table('1.2.156.10197.1.', '301 sm2; 401 sm3; 501 SM2-with-SM3; 504 sm3WithRSAEncryption'),
  ...table(
    '1.2.643.2.2.',
    `3 GOST R 34.11-94 with GOST R 34.10-2001; 4 GOST R 34.11-94 with GOST R 34.10-94; 9 GOST R 34.11-94; 19 GOST R 34.10-2001;
    20 GOST R 34.10-94`,
  ),
  ...table(
    '1.2.643.7.1.1.',
    `1.1 GOST R 34.10-2012 with 256 bit modulus; 1.2 GOST R 34.10-2012 with 512 bit modulus; 2.2 GOST R 34.11-2012 with 256 bit hash;
    2.3 GOST R 34.11-2012 with 512 bit hash; 3.2 GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit);
    3.3 GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)`,
  ),
]);

const curves = (prefix: string, entries: string): (readonly [string, { name: string; orderBits: number }])[] =>
  table(prefix, entries).map(([oid, text]) => {
    const [name = '', bits = '0'] = text.split(' ');
    return [oid, { name, orderBits: Number(bits) }];
  });

/** Named curves with the bits of their group order. SEC 2, RFC 5639, X9.62. */
export const curveNames: ReadonlyMap<string, { readonly name: string; readonly orderBits: number }> = new Map([
  ...curves(
    '1.2.840.10045.3.1.',
    '1 prime192v1 192; 2 prime192v2 192; 3 prime192v3 192; 4 prime239v1 239; 5 prime239v2 239; 6 prime239v3 239; 7 prime256v1 256',
  ),
  ...curves(
    '1.3.132.0.',
    `1 sect163k1 163; 2 sect163r1 162; 3 sect239k1 238; 4 sect113r1 113; 5 sect113r2 113; 6 secp112r1 112; 7 secp112r2 110; 8 secp160r1 161;
    9 secp160k1 161; 10 secp256k1 256; 15 sect163r2 163; 16 sect283k1 281; 17 sect283r1 282; 22 sect131r1 131; 23 sect131r2 131;
    24 sect193r1 193; 25 sect193r2 193; 26 sect233k1 232; 27 sect233r1 233; 28 secp128r1 128; 29 secp128r2 126; 30 secp160r2 161;
    31 secp192k1 192; 32 secp224k1 225; 33 secp224r1 224; 34 secp384r1 384; 35 secp521r1 521; 36 sect409k1 407; 37 sect409r1 409;
    38 sect571k1 570; 39 sect571r1 570`,
  ),
  ...curves(
    '1.3.36.3.3.2.8.1.1.',
    `1 brainpoolP160r1 160; 2 brainpoolP160t1 160; 3 brainpoolP192r1 192; 4 brainpoolP192t1 192; 5 brainpoolP224r1 224;
    6 brainpoolP224t1 224; 7 brainpoolP256r1 256; 8 brainpoolP256t1 256; 9 brainpoolP320r1 320; 10 brainpoolP320t1 320;
    11 brainpoolP384r1 384; 12 brainpoolP384t1 384; 13 brainpoolP512r1 512; 14 brainpoolP512t1 512`,
  ),
  ...curves('1.2.156.10197.1.', '301 SM2 256'),
]);
