import type { ContactRow } from '../tables/contacts/readContacts.ts';

/** What a customer may be approached by. `ads` is being made known to an ad platform at all. */
export type Purpose = 'email' | 'sms' | 'phone' | 'ads' | 'adPersonalization';

/**
 * Whether a customer may be approached: the one place where it is decided. Without a row of contacts, without the address that it takes,
 * or without a clear yes it is no; and for who must be left alone it is always no.
 */
export function mayApproach(contact: ContactRow | undefined, purpose: Purpose): contact is ContactRow {
  if (contact === undefined || contact.doNotContact) return false;
  switch (purpose) {
    case 'email':
      return contact.consentEmail && contact.email !== null;
    case 'sms':
      return contact.consentSms && contact.phone !== null;
    case 'phone':
      return contact.consentPhone && contact.phone !== null;
    case 'ads':
      return contact.consentAds;
    case 'adPersonalization':
      return contact.consentAds && contact.consentAdPersonalization;
  }
}
