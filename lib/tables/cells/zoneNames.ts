/** Names that Square, as other systems built on Rails, gives to the zones it sells in (ActiveSupport::TimeZone), by IANA name. */
const railsNames: Readonly<Record<string, readonly string[]>> = {
  'Pacific/Honolulu': ['Hawaii'],
  'America/Juneau': ['Alaska'],
  'America/Los_Angeles': ['Pacific Time (US & Canada)'],
  'America/Phoenix': ['Arizona'],
  'America/Denver': ['Mountain Time (US & Canada)'],
  'America/Chicago': ['Central Time (US & Canada)'],
  'America/Regina': ['Saskatchewan'],
  'America/New_York': ['Eastern Time (US & Canada)'],
  'America/Indiana/Indianapolis': ['Indiana (East)'],
  'America/Halifax': ['Atlantic Time (Canada)'],
  'America/Puerto_Rico': ['Puerto Rico'],
  'America/St_Johns': ['Newfoundland'],
  'Europe/London': ['London', 'Edinburgh'],
  'Europe/Dublin': ['Dublin'],
  'Europe/Paris': ['Paris'],
  'Europe/Madrid': ['Madrid'],
  'Asia/Tokyo': ['Tokyo', 'Osaka', 'Sapporo'],
  'Australia/Perth': ['Perth'],
  'Australia/Adelaide': ['Adelaide'],
  'Australia/Darwin': ['Darwin'],
  'Australia/Brisbane': ['Brisbane'],
  'Australia/Sydney': ['Sydney'],
  'Australia/Melbourne': ['Melbourne', 'Canberra'],
  'Australia/Hobart': ['Hobart'],
};

const ianaNames = new Map(
  Object.entries(railsNames).flatMap(([iana, names]) =>
    names.map((name) => [name.toLowerCase(), iana] as const),
  ),
);

/** The IANA name of a zone by its own or its common name; null where it is not known. */
export function zoneNamed(cell: string): string | null {
  const name = cell.trim();
  const known = ianaNames.get(name.toLowerCase());
  if (known !== undefined) return known;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
