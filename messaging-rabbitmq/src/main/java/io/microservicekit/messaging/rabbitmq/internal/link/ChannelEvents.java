package io.microservicekit.messaging.rabbitmq.internal.link;

/** What happens to a channel by itself. Called on the loop of its connection, in order. */
public interface ChannelEvents {
    /** Of a channel that is asked and closed: what ends it early ends the question too. */
    ChannelEvents NOBODY = new ChannelEvents() {
        @Override
        public void delivered(InboundMessage message) {}

        @Override
        public void cancelled(String consumerTag) {}

        @Override
        public void closed(Closure closure) {}
    };

    /** A message for one of its consumers; tags rise by one from 1. */
    void delivered(InboundMessage message);

    /** The broker has ended a consumer by itself: its queue is gone, or a message was held too long. The channel lives. */
    void cancelled(String consumerTag);

    /** It is gone. Called once, also after {@link ConsumingChannel#close}; nothing comes of it afterwards. */
    void closed(Closure closure);
}
