import { customerId, type FieldAliases } from '../aliases.ts';

const field = (
  name: ContactField,
  meaning: string,
  names: readonly string[],
  fallbacks: readonly string[] = [],
): FieldAliases => ({ field: name, meaning, names, fallbacks });

export const consentFields = [
  'consentEmail',
  'consentSms',
  'consentPhone',
  'consentAds',
  'consentAdPersonalization',
] as const;
export type ConsentField = (typeof consentFields)[number];

export type ContactField =
  | 'customerId'
  | 'email'
  | 'phone'
  | 'firstName'
  | 'lastName'
  | 'country'
  | 'postalCode'
  | 'doNotContact'
  | ConsentField;

/** Column names of a contacts table. An email address names a customer only where there is no other id. */
export const contactAliases: readonly FieldAliases[] = [
  { ...customerId, fallbacks: customerId.fallbacks.filter((name) => !['email', '邮箱'].includes(name)) },
  field('email', 'email address', [
    ...['email', 'email_address', 'e_mail', 'mail', '邮箱', '电子邮箱', '电子邮件', '邮箱地址'],
  ]),
  field('phone', 'phone number, with country code or a country beside it', [
    ...['phone', 'phone_number', 'mobile', 'mobile_phone', 'mobile_number', 'telephone', 'cell_phone'],
    ...['default_address_phone', '手机', '手机号', '手机号码', '电话', '联系电话', '电话号码'],
  ]),
  field('firstName', 'given name', ['first_name', 'given_name', 'firstname', '名', '名字']),
  field('lastName', 'family name', ['last_name', 'family_name', 'surname', 'lastname', '姓', '姓氏']),
  field(
    'country',
    'ISO code of two letters, such as DE; tells how phone numbers without country code are meant',
    [...['country', 'country_code', 'default_address_country_code', '国家', '国家代码', '国家/地区']],
  ),
  field('postalCode', 'postal code', [
    ...['zip', 'zip_code', 'postal_code', 'postcode', 'default_address_zip', '邮编', '邮政编码'],
  ]),
  field('consentEmail', 'may be sent marketing by email', [
    ...['consent_email', 'email_consent', 'accepts_email_marketing', 'accepts_marketing', 'email_opt_in'],
    ...['email_marketing_consent', 'newsletter', '同意邮件营销', '接受邮件营销', '邮件营销同意', '邮件订阅'],
  ]),
  field('consentSms', 'may be sent marketing by text message', [
    ...['consent_sms', 'sms_consent', 'accepts_sms_marketing', 'sms_opt_in', 'sms_marketing_consent'],
    ...['同意短信营销', '接受短信营销', '短信营销同意', '短信订阅'],
  ]),
  field('consentPhone', 'may be called', [
    ...['consent_phone', 'phone_consent', 'accepts_phone_marketing', 'phone_opt_in', 'call_consent'],
    ...['同意电话营销', '接受电话营销', '电话营销同意'],
  ]),
  field('consentAds', 'may be made known to ad platforms, for ads', [
    ...['consent_ads', 'ads_consent', 'ad_user_data', 'ad_consent', 'accepts_ads', '同意广告', '广告同意'],
  ]),
  field(
    'consentAdPersonalization',
    'may be shown personalised ads; without the column `consentAds` says so too',
    ['consent_ad_personalization', 'ad_personalization', 'personalized_ads', '同意个性化广告', '个性化广告'],
  ),
  field('doNotContact', 'must be left alone whatever else is agreed to; any word but a clear no counts', [
    ...['do_not_contact', 'suppressed', 'blocked', 'opted_out', 'unsubscribed_all', 'erased'],
    ...['勿扰', '请勿联系', '黑名单'],
  ]),
];
