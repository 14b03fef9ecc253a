package io.microservicekit.messaging.testkit.junit.internal;

import io.microservicekit.messaging.testkit.junit.internal.shared.NodeObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the Erlang node is started that asks a RabbitMQ node about its queues. Of a quorum queue RabbitMQ tells counts that are up to 5 s old, so its leader
 * is asked.
 */
final class RabbitMqObserving {
    /** A queue's name may hold anything but a line's end; one that holds a tab is not shown well, as by {@code rabbitmqctl}. */
    private static final String SCRIPT = """
            io:setopts([{encoding, unicode}, binary]),
            Broker = 'rabbit@localhost',
            Keys = [name, type, messages_ready, messages_unacknowledged, consumers],
            Member = fun(Resource) ->
                {ok, Queue} = rpc:call(Broker, rabbit_amqqueue, lookup, [Resource], 60000),
                rpc:call(Broker, amqqueue, get_pid, [Queue], 60000)
            end,
            Leader = fun(Id, Question) ->
                Older = [Id, fun rabbit_fifo:Question/1],
                Newer = [Id, {rabbit_fifo, Question, []}],
                case rpc:call(Broker, ra, leader_query, Older, 60000) of
                    {ok, {_, Count}, _} -> Count;
                    {badrpc, {_, {function_clause, _}}} ->
                        {ok, {_, Count}, _} = rpc:call(Broker, ra, leader_query, Newer, 60000),
                        Count
                end
            end,
            Counts = fun
                (Resource, [Type, _, _, Consumers]) when Type =:= quorum; Type =:= rabbit_quorum_queue ->
                    Id = Member(Resource),
                    Ready = Leader(Id, query_messages_ready),
                    Kept = Leader(Id, query_messages_checked_out),
                    [Type, Ready, Kept, Consumers];
                (_, Columns) -> Columns
            end,
            Row = fun(Q) ->
                Resource = {resource, _, queue, Name} = proplists:get_value(name, Q),
                Columns = Counts(Resource, [proplists:get_value(K, Q) || K <- tl(Keys)]),
                io_lib:format("~ts~s~n", [Name, [io_lib:format("\\t~w", [C]) || C <- Columns]])
            end,
            Show = fun(Queues) ->
                try [Row(Q) || Q <- Queues] of
                    Rows -> io:format("~tsend~n", [Rows])
                catch
                    _:Why -> io:format("error ~0p~n", [Why])
                end
            end,
            Ask = fun(Host) ->
                case rpc:call(Broker, rabbit_vhost, exists, [Host], 60000) of
                    true ->
                        case rpc:call(Broker, rabbit_amqqueue, info_all, [Host, Keys], 60000) of
                            {badrpc, Why} -> io:format("error ~0p~n", [Why]);
                            Queues -> Show(Queues)
                        end;
                    false -> io:format("error it does not exist~n");
                    {badrpc, Why} -> io:format("error ~0p~n", [Why])
                end
            end,
            Loop = fun Loop() ->
                case io:get_line("") of
                    Line when is_binary(Line) -> Ask(string:trim(Line, trailing, "\\n")), Loop();
                    _ -> halt(0)
                end
            end,
            Loop().
            """;

    private RabbitMqObserving() {}

    static NodeObserver of(RabbitMqInstallation installation, Map<String, String> environment) {
        List<String> command = new ArrayList<>(installation.prefix());
        command.addAll(List.of("erl", "-noshell", "-hidden", "-sname", "observer@localhost"));
        command.addAll(List.of("-kernel", "inet_dist_use_interface", "{127,0,0,1}"));
        command.addAll(List.of("+S", "1:1", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"));
        command.addAll(List.of("-eval", SCRIPT.replace('\n', ' ')));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        RabbitMqFork.settle(builder, environment);
        return new NodeObserver(builder);
    }
}
