import type { Field } from './task.ts';

/** Characters of the GSM 03.38 alphabet (3GPP TS 23.038, 6.2.1) that our texts can hold; others make a message UCS-2. */
const gsm = /^[A-Za-z0-9 \n@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà_]*$/;

/** As many characters as a field may hold, given those that it does. */
export const roomOf = ({ maxLength, maxLengthBeyondGsm }: Field, text: string): number =>
  maxLengthBeyondGsm === undefined || gsm.test(text) ? maxLength : maxLengthBeyondGsm;

export const lengthOf = (text: string): number => [...text].length;

export const fits = (field: Field, text: string): boolean => lengthOf(text) <= roomOf(field, text);
