import { render } from 'preact';
import { App } from './app.tsx';
import { loadDrawing } from './ChartView.tsx';
import { openSession, type Session, type SignInConfig } from './signIn.ts';
import { letNothingBeWritten } from './trustedTypes.ts';
import './style.css';

/** What a deployment says of itself; locally the API is the page's own origin, and nobody signs in. */
interface Config {
  apiUrl: string;
  signIn: SignInConfig | null;
}

async function start(): Promise<void> {
  const place = document.getElementById('page');
  if (place === null) throw new Error('the page has no place for its contents');
  const config = (await (await fetch('/config.json')).json()) as Config;
  let session: Session | null = null;
  let signInTrouble: string | null = null;
  if (config.signIn !== null) {
    try {
      session = await openSession(config.signIn);
    } catch (error) {
      signInTrouble = error instanceof Error ? error.message : String(error);
      session = await openSession(config.signIn);
    }
  }
  render(<App apiUrl={config.apiUrl} session={session} signInTrouble={signInTrouble} />, place);
  // a chart that needs it asks again
  loadDrawing().catch(() => {});
}

letNothingBeWritten();
void start();
