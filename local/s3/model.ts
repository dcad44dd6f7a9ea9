import type { ChecksumAlgorithm } from './checksums.ts';

/** One stretch of an object's bytes, in a file of its own: one for a plain upload, one per part of a multipart upload. */
export interface Segment {
  body: string;
  sizeBytes: number;
}

/** `COMPOSITE` is the checksum of the parts' checksums, with the number of parts behind a dash. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64, as it travels in the headers. */
  value: string;
  type: ChecksumType;
}

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** What a client may attach to an object at upload, kept as it came. */
export interface ObjectAttributes {
  /** Content-Type, Cache-Control, Content-Encoding and the like, names in lower case. */
  headers: Record<string, string>;
  /** `x-amz-meta-` headers, without that prefix. */
  metadata: Record<string, string>;
  tags: Tag[];
}

export interface Tag {
  key: string;
  value: string;
}

export interface StoredObject extends ObjectAttributes {
  key: string;
  sizeBytes: number;
  /** Without the quotes. */
  etag: string;
  modifiedMs: number;
  sequencer: string;
  segments: Segment[];
  checksum: Checksum;
}

export interface UploadedPart {
  partNumber: number;
  etag: string;
  modifiedMs: number;
  segment: Segment;
  checksum: Checksum;
}

/** A multipart upload under way. */
export interface Upload extends ObjectAttributes {
  uploadId: string;
  key: string;
  startedMs: number;
  checksumAlgorithm: ChecksumAlgorithm;
  checksumType: ChecksumType;
  /** Whether the client named an algorithm, or the server chose one. */
  checksumChosen: boolean;
}

/** What happened to an object; sent after the change is on disk. */
export interface ObjectEvent {
  type: 'Object Created' | 'Object Deleted';
  reason: 'PutObject' | 'CompleteMultipartUpload' | 'CopyObject' | 'DeleteObject';
  bucket: string;
  key: string;
  /** Of the new object, or of the one that is gone. */
  size: number;
  etag: string;
  /** Hexadecimal of fixed width: of two events on a key, the later one has the greater text. */
  sequencer: string;
  /** ISO 8601. */
  time: string;
}
