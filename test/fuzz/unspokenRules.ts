type Fields = Record<string, unknown>;

/** Rules that a schema of the document tells in words alone, by its name: each makes of a value that the schema allows one that is fair. */
export const unspokenRules: Record<string, (value: Fields) => Fields> = {
  AdWithCounts: ({ clicks, conversions, impressions, spendMicros, revenueMicros, days, ...ad }) => {
    if (clicks === undefined) return ad;
    const figures = { spendMicros, revenueMicros, days };
    const given = Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined));
    return {
      ...ad,
      ...given,
      ...{ clicks: countable(clicks), conversions: countable(conversions) },
      ...(impressions !== undefined && {
        impressions: Math.max(countable(impressions), countable(clicks)),
      }),
    };
  },
  BidRequest: ofOneKind,
  BidSimulationRequest: (request) => ofOneKind(request, 'counts'),
};

/** A fraction, but none so small that it counts nothing. */
const countable = (count: unknown): number => Math.round(Number(count ?? 0) * 1e6) / 1e6;

/** Ads with rates, or ads with counts, and none twice. */
function ofOneKind(request: Fields, kind: 'counts' | 'any' = 'any'): Fields {
  const ads = request.ads as Fields[];
  const hasRates = (ad: Fields) => 'clickRate' in ad;
  const wanted = kind === 'any' && ads[0] !== undefined && hasRates(ads[0]);
  const alike = ads.filter((ad) => hasRates(ad) === wanted);
  const byId = new Map(alike.map((ad, at) => [ad.id ?? at, ad]));
  const { policy, ...rest } = request;
  return {
    ...rest,
    ads: byId.size > 0 ? [...byId.values()] : [{}],
    ...(policy !== undefined && !wanted && { policy }),
  };
}
