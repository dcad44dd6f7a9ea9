/** What a run of `npm run bench:cost` has measured. */
export interface CostRecord {
  command: string;
  machine: string;
  customers: number;
  lines: number;
  inputBytes: number;
  /** By function, from the upload to all that is published of it. */
  run: Record<string, Usage>;
  /** By function, where nothing has changed. */
  sweep: Record<string, Usage>;
  /** One `GET /customers/{id}`. */
  request: Usage;
  /** In the results bucket. */
  resultBytes: number;
}

export interface Usage {
  memoryMb: number;
  seconds: number;
  writeUnits: number;
  readUnits: number;
  s3Puts: number;
  s3Gets: number;
}

/** US dollars; bench/records/prices.json names their source. */
export interface Prices {
  source: string;
  lambdaGbSecond: number;
  lambdaMillionRequests: number;
  dynamodbMillionWriteUnits: number;
  dynamodbMillionReadUnits: number;
  s3ThousandPuts: number;
  s3ThousandGets: number;
  s3GbMonth: number;
  httpApiMillionRequests: number;
}
