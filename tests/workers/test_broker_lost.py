"""A broker that goes away while a worker waits for messages: the connection is closed, and the worker lives."""

from contextlib import suppress

import pytest
from kombu import Connection
from kombu.entity import Queue
from kombu.message import Message
from servers import RedisServer

from workers import transport


def test_channels_that_wait_for_messages_are_closed_though_the_broker_is_away(broker: RedisServer) -> None:
    """Celery closes twice: the second time nothing may be left that needs the broker's address."""
    transport.register()
    connection = Connection(broker.url)
    channel, other = connection.default_channel, connection.channel()
    kept: list[Message] = []
    queue = Queue("kept", channel=channel)
    with connection.Producer(channel=channel) as producer:
        producer.publish({"number": 1}, routing_key="kept", exchange="", declare=[queue])
    connection.Consumer(queue, channel=channel, on_message=kept.append).consume()
    connection.drain_events(timeout=5)
    connection.Consumer(Queue("other", channel=other), channel=other, on_message=kept.append).consume()
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=0.2)
    assert len(kept) == 1

    broker.stop()
    with suppress(*connection.connection_errors):
        connection.collect(socket_timeout=1)
    connection.close()

    assert (channel.closed, other.closed) == (True, True)
