import type { Goal, Variant } from '../campaign.ts';
import type { Language } from '../settings.ts';

/** What a campaign says by rule. `short` fits where there is little room. */
export interface CampaignText {
  subject: string;
  body: string;
  short: string;
  callToAction: string;
}

export const campaignTexts: Record<Goal, Record<Language, Record<Variant, CampaignText>>> = {
  thank: {
    en: {
      A: {
        subject: 'Thank you for being with us',
        body: 'You have been with us for a long time, and we are glad of it. Have a look at what is new.',
        short: 'Thank you for being with us.',
        callToAction: 'See what is new',
      },
      B: {
        subject: 'For the people we know best',
        body: 'Some of our customers come back again and again. You are among them, and we want to thank you for that.',
        short: 'We are glad that you keep coming back.',
        callToAction: 'Take a look',
      },
    },
    zh: {
      A: {
        subject: '感谢您的陪伴',
        body: '感谢您长久以来的支持。店里有新品上架，欢迎来看看。',
        short: '感谢您的陪伴。',
        callToAction: '看看新品',
      },
      B: {
        subject: '有您真好',
        body: '您常来光顾，我们都记在心里。谢谢您的信任。',
        short: '谢谢您常来光顾。',
        callToAction: '去逛逛',
      },
    },
  },
  welcome: {
    en: {
      A: {
        subject: 'Welcome, it is good to have you',
        body: 'Thank you for your order. There is more in our shop that goes well with it.',
        short: 'Welcome, and thank you for your order.',
        callToAction: 'See more',
      },
      B: {
        subject: 'What others look at next',
        body: 'You have met our shop, and there is much more to see. Come and look around.',
        short: 'There is much more to see in our shop.',
        callToAction: 'Look around',
      },
    },
    zh: {
      A: {
        subject: '欢迎您',
        body: '感谢您的订单。店里还有不少与之相配的好物，欢迎来看看。',
        short: '欢迎您，感谢下单。',
        callToAction: '看看更多',
      },
      B: {
        subject: '还有更多好物等您',
        body: '您已经认识了我们，还有更多好物等您发现。',
        short: '更多好物等您发现。',
        callToAction: '去逛逛',
      },
    },
  },
  grow: {
    en: {
      A: {
        subject: 'New in our shop, picked for you',
        body: 'We have put together what goes well with what you like. Have a look when you have a moment.',
        short: 'We have put together what you may like.',
        callToAction: 'See the selection',
      },
      B: {
        subject: 'What goes well with what you have',
        body: 'Much of what is new in our shop goes well with your earlier orders. Come and see.',
        short: 'There is something new that suits you.',
        callToAction: 'Come and see',
      },
    },
    zh: {
      A: {
        subject: '为您挑选的新品',
        body: '我们挑选了与您喜好相配的好物，有空来看看吧。',
        short: '为您挑选了新品。',
        callToAction: '看看精选',
      },
      B: {
        subject: '与您的喜好相配',
        body: '店里的新品与您买过的很相配，欢迎来看看。',
        short: '新品与您的喜好相配。',
        callToAction: '去看看',
      },
    },
  },
  remind: {
    en: {
      A: {
        subject: 'Have you seen what is new?',
        body: 'It has been a while since you were here. Much has changed in our shop, and we would like to show you.',
        short: 'It has been a while. Come and see what is new.',
        callToAction: 'See what is new',
      },
      B: {
        subject: 'A little something to look at',
        body: 'When you have a moment, look in on us. There is more to choose from than last time.',
        short: 'When you have a moment, look in on us.',
        callToAction: 'Look in',
      },
    },
    zh: {
      A: {
        subject: '看看店里的新变化',
        body: '好久没见到您了。店里有了不少变化，欢迎回来看看。',
        short: '好久不见，回来看看吧。',
        callToAction: '看看新品',
      },
      B: {
        subject: '有空来坐坐',
        body: '有空的时候来店里看看吧，可选的比上次更多了。',
        short: '有空来店里看看吧。',
        callToAction: '去看看',
      },
    },
  },
  winBack: {
    en: {
      A: {
        subject: 'We have missed you',
        body: 'It has been a long time since your last order. We would be glad to see you again.',
        short: 'We have missed you. Come back and look around.',
        callToAction: 'Come back',
      },
      B: {
        subject: 'Would you give us another look?',
        body: 'You used to order from us, and we would like to know that you are well. Much is new since then.',
        short: 'Much is new since your last order.',
        callToAction: 'See what is new',
      },
    },
    zh: {
      A: {
        subject: '我们想念您',
        body: '距离您上次下单已经很久了，真心希望再见到您。',
        short: '好久不见，想念您。',
        callToAction: '回来看看',
      },
      B: {
        subject: '再来看看我们吧',
        body: '您曾经常来光顾，不知您近来可好。店里已经有了许多新变化。',
        short: '店里有了许多新变化。',
        callToAction: '看看新变化',
      },
    },
  },
};
