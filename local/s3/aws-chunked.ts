import { S3Error } from './errors.ts';

/**
 * Takes the framing off a body in `aws-chunked` encoding, which the SDKs use for streams: chunks of
 * `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, the last of size 0, then trailing headers, then an empty line.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * The signature of each chunk is not checked: the request's own is, and the loopback does not tamper.
 */
export class AwsChunkedDecoder {
  /** Names in lower case. */
  readonly trailers = new Map<string, string>();
  private state: 'size' | 'bytes' | 'bytesEnd' | 'trailer' | 'done' = 'size';
  private left = 0;
  private line = '';

  /** The payload within these bytes, as views on them. */
  *decode(bytes: Buffer): Generator<Buffer> {
    let position = 0;
    while (position < bytes.length) {
      if (this.state === 'bytes') {
        const piece = bytes.subarray(position, position + this.left);
        this.left -= piece.length;
        position += piece.length;
        if (this.left === 0) this.state = 'bytesEnd';
        yield piece;
        continue;
      }
      const lineEnd = bytes.indexOf(0x0a, position);
      const until = lineEnd < 0 ? bytes.length : lineEnd + 1;
      this.line += bytes.toString('latin1', position, until);
      position = until;
      if (this.line.length > maxLineBytes)
        throw new S3Error('InvalidRequest', {}, 'A chunk header is too long.');
      if (lineEnd >= 0) this.endLine();
    }
  }

  /** To be called when the request has ended: a body that stops short looks like success otherwise. */
  end(): void {
    const inLastTrailer = this.state === 'trailer' && this.line === '';
    if (this.state !== 'done' && !inLastTrailer) throw new S3Error('IncompleteBody');
  }

  private endLine(): void {
    const line = this.line.replace(/\r?\n$/, '');
    this.line = '';
    if (this.state === 'size') this.startChunk(line);
    else if (this.state === 'bytesEnd') this.endChunk(line);
    else if (this.state === 'trailer') this.readTrailer(line);
    else if (line !== '') throw new S3Error('InvalidRequest', {}, 'Bytes after the last chunk.');
  }

  private startChunk(line: string): void {
    const size = /^([\da-f]{1,10})(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw new S3Error('InvalidRequest', {}, 'A chunk header is malformed.');
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? 'trailer' : 'bytes';
  }

  private endChunk(line: string): void {
    if (line !== '') throw new S3Error('IncompleteBody', {}, 'A chunk is longer than its header says.');
    this.state = 'size';
  }

  private readTrailer(line: string): void {
    if (line === '') {
      this.state = 'done';
      return;
    }
    const colon = line.indexOf(':');
    if (colon < 1) throw new S3Error('InvalidRequest', {}, 'A trailing header is malformed.');
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

const maxLineBytes = 8192;
